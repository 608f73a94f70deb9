"""A client that asks the real web application in this process, as a browser or a mail program would."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    text: str


class WebClient:
    """Keeps no cookies and follows no redirects: what an answer needs must be in the address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._sent: list[Message] = []

    @property
    def last(self) -> Answer:
        """The last answer; also one that was sent before the application raised what a server would log."""
        start, *rest = self._sent
        found = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        return Answer(start["status"], found, b"".join(part.get("body", b"") for part in rest).decode())

    def get(self, url: str) -> Answer:
        return self.ask("GET", url)

    def post(self, url: str, body: bytes = b"") -> Answer:
        return self.ask("POST", url, body)

    def ask(self, method: str, url: str, body: bytes = b"") -> Answer:
        self._sent = []
        asyncio.run(self._ask(method, url, body))
        return self.last

    async def _ask(self, method: str, url: str, body: bytes) -> None:
        parts = urlsplit(url)
        headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-www-form-urlencoded")]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": parts.path, "raw_path": parts.path.encode(), "query_string": parts.query.encode(),
            "root_path": "", "headers": headers, "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 9),
        }  # fmt: skip

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            self._sent.append(message)

        await self._app(scope, receive, send)
