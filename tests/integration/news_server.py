"""A server on loopback that answers as badly as a test wants, each path in its own way."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.conftest import NOW

HTML, RSS = "text/html; charset=utf-8", "application/rss+xml"


@dataclass(frozen=True, slots=True)
class Reply:
    """`slow` answers only when the server stops."""

    body: bytes = b""
    content_type: str = HTML
    status: int = 200
    slow: bool = False
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class NewsServer:
    """Answers 404 to every path without a reply; `asked` counts requests by path, `headers` are the last one's."""

    url: str
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)


def article(name: str) -> str:
    """An article's text that shares no words with one of another name."""
    words = " ".join(f"{name}{number}" for number in range(12))
    sentence = f"In {name} the council of {words} met on Monday and decided about the ferry. "
    return "".join(f"<p>{sentence.replace('Monday', f'day {day} of {name}')}</p>" for day in range(8))


def page(name: str) -> Reply:
    head = f"<title>News of {name}</title>"
    return Reply(f"<html><head>{head}</head><body><article><h1>News of {name}</h1>{article(name)}</article>".encode())


def rss(base: str, *paths: str) -> bytes:
    """A feed of articles at these paths, each with a text of its own."""
    items = "".join(
        f"<item><title>News of {path}</title><link>{base}/{path}</link><guid>{path}</guid>"
        f"<pubDate>{format_datetime(NOW)}</pubDate><description>{escape(article(path))}</description></item>"
        for path in paths
    )
    return f'<rss version="2.0"><channel><title>A feed</title><link>{base}/</link>{items}</channel></rss>'.encode()


@contextmanager
def serve_news(replies: Mapping[str, Reply] = {}) -> Iterator[NewsServer]:
    """Serve until the block ends."""
    stopping = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/")
            site.asked[path] += 1
            site.headers[path] = dict(self.headers)
            reply = site.replies.get(path, Reply(b"<h1>Not found</h1>", status=404))
            if reply.slow:
                stopping.wait(30)
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = NewsServer(f"http://127.0.0.1:{server.server_address[1]}", dict(replies))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
