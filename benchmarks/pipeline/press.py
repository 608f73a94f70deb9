"""Real pages as outlets publish them: each site at an address of its own on loopback, listed in feeds of twelve."""

from __future__ import annotations

import multiprocessing
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape, unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from re import DOTALL, IGNORECASE, compile
from urllib.parse import urlsplit

from benchmarks.pages.__main__ import Page

_TITLE = compile(rb"<title[^>]*>(.*?)</title>", IGNORECASE | DOTALL)
_FEEDS = "127.2.0."
LISTED = 12
"""Pages that a feed lists."""


def by_site(pages: Sequence[Page]) -> Mapping[str, list[Page]]:
    """The pages by loopback address: one for each site."""
    sites: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        sites[urlsplit(page[1] or "").hostname or "unnamed"].append(page)
    return {f"127.1.{n // 250}.{n % 250 + 1}": sites[name] for n, name in enumerate(sorted(sites))}


@contextmanager
def published(sites: Mapping[str, list[Page]]) -> Iterator[Sequence[str]]:
    """Serve them in a process of its own; yields the feeds' addresses."""
    port: multiprocessing.Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=_serve, args=(sites, port), daemon=True)
    process.start()
    place = port.get(timeout=20)
    try:
        count = sum(map(len, sites.values()))
        yield [f"http://{_FEEDS}{number + 1}:{place}/feed" for number in range(-(-count // LISTED))]
    finally:
        process.kill()
        process.join()


def _serve(sites: Mapping[str, list[Page]], port: multiprocessing.Queue[int]) -> None:
    stories = {f"/{host}/{key}": html for host, pages in sites.items() for key, _, html in pages}

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host, place = self.headers["Host"].split(":")
            if host.startswith(_FEEDS) and self.path == "/feed":
                body: bytes | None = _feed(stories, (int(host.removeprefix(_FEEDS)) - 1) * LISTED, place)
            else:
                body = stories.get(f"/{host}{self.path}")
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/rss+xml" if self.path == "/feed" else "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *given: object) -> None: ...

    server = ThreadingHTTPServer(("0.0.0.0", 0), Answers)
    server.daemon_threads = True
    port.put(server.server_address[1])
    server.serve_forever()


def _feed(stories: Mapping[str, bytes], first: int, place: str) -> bytes:
    now = datetime.now(UTC)
    listed = islice(stories.items(), first, first + LISTED)
    items = "".join(
        f"<item><title>{escape(_title(html) or path)}</title><guid>{path}</guid>"
        f"<link>http://{path.split('/')[1]}:{place}/{path.split('/')[2]}</link>"
        f"<pubDate>{format_datetime(now - timedelta(minutes=30 + number))}</pubDate></item>"
        for number, (path, html) in enumerate(listed)
    )
    return f"<rss version='2.0'><channel><title>Feed {first}</title>{items}</channel></rss>".encode()


def _title(html: bytes) -> str:
    found = _TITLE.search(html)
    return " ".join(unescape(found[1].decode("utf-8", "replace")).split())[:200] if found else ""
