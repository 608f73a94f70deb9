"""The news world of a round: the sample site on loopback, published in waves, whose hosts can be made to fail."""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from worker.sample_site.article import SampleArticle
from worker.sample_site.outlet import load_outlets
from worker.sample_site.site import Resource, SampleSite, build_site

POISONED_PAGE = "library-courier"  # on no topic, in no story: nothing else depends on it
WAVES = 4
_HASTE = 12  # outlets that publish every few minutes are asked every few minutes
_DRIP = b"."
_TRIES = 2  # so often in a row a path fails: fewer than the service asks for it


class World:
    """Serves what is out by now. `is_ill` says what a host does instead, for a path at most twice in a row."""

    def __init__(self, now: datetime, *, poisoned: bool) -> None:
        self._now, self._poisoned, self._wave = now, poisoned, 0
        self._lock = threading.Lock()
        self._spoiled: Counter[tuple[str, str]] = Counter()
        self.illness = ""
        self.hits: Counter[str] = Counter()
        self._outlets = [_Outlet(outlet.key, self) for outlet in load_outlets()]
        self._poison = _Outlet("poison", self)
        self.whole = self._build(None)
        self.site = self._build(frozenset())

    def __enter__(self) -> Self:
        for outlet in (*self._outlets, self._poison):
            threading.Thread(target=outlet.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for outlet in (*self._outlets, self._poison):
            outlet.shutdown()
            outlet.server_close()

    @property
    def feeds(self) -> Mapping[str, str]:
        """Their addresses, by the outlet's name."""
        bases = self._bases()
        named = {one.name: bases[one.key] + one.feed_path for one in self.whole.outlets}
        return named | ({"Poison": f"{self._poison.base}/feed"} if self._poisoned else {})

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(one.base.partition("://")[2] for one in (*self._outlets, self._poison))

    @property
    def articles(self) -> tuple[SampleArticle, ...]:
        return self.whole.articles

    @property
    def is_all_out(self) -> bool:
        return self._wave == WAVES

    def publish_wave(self) -> None:
        """Let the next quarter of the articles out, an original before its copies."""
        self._wave = min(self._wave + 1, WAVES)
        count = len(self.articles) * self._wave // WAVES
        self.site = self._build({one.id for one in self.articles[:count]})

    def answer(self, key: str, path: str) -> Resource:
        """What stands at that path."""
        if key == "poison":
            return Resource(200, "application/rss+xml", b"<rss><channel><title>POISONED FEED</title></channel></rss>")
        missing = Resource(404, "text/plain; charset=utf-8", b"Not found\n")
        found = self.site.resources.get((key, path), missing)
        if self._poisoned and path and self.whole.urls[POISONED_PAGE].endswith(path) and path != "/":
            return replace(found, body=found.body + b"<!-- POISONED PAGE -->")
        return found

    def falls_ill(self, key: str, path: str) -> str:
        """What that host does instead of answering; "" where it is well."""
        illness = self.illness
        with self._lock:
            if not illness or path == "/robots.txt" or self._spoiled[key, path] >= _TRIES:
                return ""
            self._spoiled[key, path] += 1
            self.hits[illness] += 1
        return illness

    def heal(self) -> None:
        """All hosts are well from now on."""
        with self._lock:
            self.illness = ""
            self._spoiled.clear()

    def _bases(self) -> dict[str, str]:
        return {outlet.key: outlet.base for outlet in self._outlets}

    def _build(self, out: frozenset[str] | set[str] | None) -> SampleSite:
        return build_site(self._now, self._bases(), out=out, haste=_HASTE)


class _Outlet(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, key: str, world: World) -> None:
        self.key, self.world = key, world
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        # Who is killed while it reads is what this is about.
        if not isinstance(sys.exception(), (ConnectionError, OSError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Outlet
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        illness = self.server.world.falls_ill(self.server.key, path)
        resource = self.server.world.answer(self.server.key, path)
        self.close_connection = True
        if illness == "reset":  # an RST instead of an answer
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif illness == "drip":
            self._drip(resource)
        elif illness:
            self._say(Resource(int(illness), "text/plain", b"not now\n"), **{"Retry-After": "1"})
        else:
            self._say(resource)

    def _say(self, resource: Resource, **headers: str) -> None:
        self.send_response(resource.status)
        said = {"Content-Type": resource.content_type, "Content-Length": str(len(resource.body)), "Connection": "close"}
        for name, value in {**said, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(resource.body)

    def _drip(self, resource: Resource) -> None:
        """A byte now and then, for longer than anybody waits."""
        self.send_response(200)
        self.send_header("Content-Type", resource.content_type)
        self.send_header("Content-Length", str(len(resource.body)))
        self.end_headers()
        for n in range(60):
            self.wfile.write(resource.body[n : n + 1] or _DRIP)
            self.wfile.flush()
            time.sleep(0.5)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written of what was asked."""
