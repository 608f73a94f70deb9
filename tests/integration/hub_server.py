"""A WebSub hub on loopback: verifies who subscribes, and tells of news signed or in whatever way a test wants."""

from __future__ import annotations

import hmac
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode


def signature_of(secret: str, body: bytes, method: str = "sha256") -> str:
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


@dataclass
class Hub:
    """What subscribers have asked for, in their words; `verified` are the callbacks that echoed the challenge."""

    url: str
    lease_seconds: int = 864_000
    asked: list[dict[str, str]] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)

    def verify(self, asked: dict[str, str]) -> None:
        """Ask the subscriber whether it asked."""
        query = {
            "hub.mode": "subscribe", "hub.topic": asked["hub.topic"], "hub.challenge": "echo-this",
            "hub.lease_seconds": str(self.lease_seconds),
        }  # fmt: skip
        with urllib.request.urlopen(f"{asked['hub.callback']}?{urlencode(query)}", timeout=10) as answer:
            if answer.read() == b"echo-this":
                self.verified.append(asked["hub.callback"])

    def tell(self, body: bytes, *, signature: str | None = None) -> int:
        """Give the newest subscriber that body; return the status of its answer."""
        asked = self.asked[-1]
        said = signature_of(asked["hub.secret"], body) if signature is None else signature
        request = urllib.request.Request(asked["hub.callback"], body, {"X-Hub-Signature": said})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@contextmanager
def serve_hub() -> Iterator[Hub]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            hub.asked.append({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()
            threading.Thread(target=hub.verify, args=(hub.asked[-1],), daemon=True).start()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub = Hub(f"http://127.0.0.1:{server.server_address[1]}/")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
