"""The site on loopback, as a proxy: so its hosts have names, and nobody asks for a name or an address beyond it."""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from benchmarks.world.site import Resource

LOOPBACK = "127.0.0.1"


class Answers(Protocol):
    """What is served: whatever answers to an address."""

    def answer(self, address: str) -> Resource: ...


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, site: Answers) -> None:
        self.site = site
        super().__init__((LOOPBACK, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        # Whoever is killed in the middle of a page hangs up: that is no fault of the site.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Proxy
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        resource = self.server.site.answer(self.path)
        time.sleep(resource.delay)
        tag = f'"{hashlib.sha256(resource.body).hexdigest()[:16]}"'
        unchanged = resource.status == 200 and self.headers.get("If-None-Match") == tag
        self.send_response(304 if unchanged else resource.status)
        body = b"" if unchanged else resource.body
        headers = {"ETag": tag, "Content-Type": resource.content_type, "Location": resource.location}
        for name, value in {**headers, "Content-Length": "" if unchanged else str(len(body))}.items():
            if value:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serve(site: Answers) -> Iterator[str]:
    """Serve the site until the block ends; yield the proxy's URL."""
    proxy = _Proxy(site)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{proxy.server_port}"
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
