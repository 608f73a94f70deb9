"""The sample site on loopback: one port for each outlet, as different hosts would be."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from worker.sample_site.outlet import load_outlets
from worker.sample_site.site import Resource, SampleSite, build_site

LOOPBACK = "127.0.0.1"


class SampleServer:
    """Serves the site that `build_site(now)` gives until the block ends.

    Ports are the system's choice; they answer from entry to exit.
    """

    site: SampleSite

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._listeners: tuple[_Listener, ...] = ()
        self._threads: tuple[threading.Thread, ...] = ()
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, str, int]] = Counter()

    def __enter__(self) -> Self:
        outlets = load_outlets()
        self._listeners = tuple(_Listener(outlet.key, self) for outlet in outlets)
        self.site = build_site(self._now, {listener.key: listener.base_url for listener in self._listeners})
        self._threads = tuple(
            # The poll interval bounds how long leaving the block takes.
            threading.Thread(target=listener.serve_forever, args=(0.05,), name=listener.key, daemon=True)
            for listener in self._listeners
        )
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for listener in self._listeners:
            listener.shutdown()
            listener.server_close()
        for thread in self._threads:
            thread.join()

    @property
    def base_urls(self) -> Mapping[str, str]:
        """By outlet key, without a closing slash."""
        return {listener.key: listener.base_url for listener in self._listeners}

    @property
    def feeds(self) -> tuple[tuple[str, str, str], ...]:
        """What to subscribe to: outlet name, feed URL, language."""
        bases = self.base_urls
        return tuple(
            (outlet.name, bases[outlet.key] + outlet.feed_path, outlet.language) for outlet in self.site.outlets
        )

    @property
    def answers(self) -> Mapping[tuple[str, str, int], int]:
        """How often each (outlet key, path, status) was answered so far."""
        with self._lock:
            return dict(self._answers)

    def count(self, key: str, path: str, status: int) -> None:
        """Records an answer; called from the serving threads."""
        with self._lock:
            self._answers[key, path, status] += 1


def serve(now: datetime) -> SampleServer:
    """`with serve(now) as server:` has the whole site on loopback."""
    return SampleServer(now)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, key: str, owner: SampleServer) -> None:
        self.key = key
        self.owner = owner
        super().__init__((LOOPBACK, 0), _Handler)

    @property
    def base_url(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        # A client that goes away in the middle (a killed child of the demo) is no fault of the site.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        site = self.server.owner.site
        resource = site.resources.get((self.server.key, path))
        if resource is None:
            resource = Resource(404, "text/plain; charset=utf-8", b"Not found\n")
        self._answer(path, resource)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, path: str, resource: Resource) -> None:
        tag = f'"{hashlib.sha256(resource.body).hexdigest()[:16]}"'
        unchanged = resource.status == 200 and self.headers.get("If-None-Match") == tag
        status = 304 if unchanged else resource.status
        self.server.owner.count(self.server.key, path, status)
        self.send_response(status)
        if resource.status == 200:
            self.send_header("ETag", tag)
        if not unchanged:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(resource.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if not unchanged and self.command != "HEAD":
            self.wfile.write(resource.body)

    def log_message(self, format: str, *args: object) -> None:
        """The demo's terminal belongs to its digest."""
