"""A client that asks the real web application in this process, as a browser or a mail program would."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

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

    def get(self, url: str, **headers: str) -> Answer:
        return self.ask("GET", url, **headers)

    def post(self, url: str, body: bytes = b"", *, client: str = "127.0.0.1", **headers: str) -> Answer:
        return self.ask("POST", url, body, client=client, **headers)

    def submit(self, url: str, fields: Mapping[str, object], *, client: str = "127.0.0.1", **headers: str) -> Answer:
        """Send a form; a field with a tuple is sent once for each."""
        return self.post(url, urlencode(fields, doseq=True).encode(), client=client, **headers)

    def ask(self, method: str, url: str, body: bytes = b"", *, client: str = "127.0.0.1", **headers: str) -> Answer:
        """Header names are given with underscores."""
        self._sent = []
        asyncio.run(self._ask(method, url, body, client, headers))
        return self.last

    async def _ask(self, method: str, url: str, body: bytes, client: str, more: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        given = {"host": "127.0.0.1", "content_type": "application/x-www-form-urlencoded", **more}
        headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": parts.path, "raw_path": parts.path.encode(), "query_string": parts.query.encode(),
            "root_path": "", "headers": headers, "server": ("127.0.0.1", 80), "client": (client, 9),
        }  # fmt: skip

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            self._sent.append(message)

        await self._app(scope, receive, send)


class FormReader(HTMLParser):
    """What a browser would send if its user pressed the button of the page's first form without a change."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.links: list[str] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.fields.setdefault(self._select, []).append(given["value"])
        elif tag == "input" and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self.fields.setdefault(given["name"], []).append(given.get("value", ""))
