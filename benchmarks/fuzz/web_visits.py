"""Visits to our own web pages: any path, method, headers and body, over an installation that holds something."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from benchmarks.fuzz.materials import broken, odd, one_of
from benchmarks.fuzz.texts import address, schedule

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOPIC = "us-mexico-migration"
_METHODS = ("GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "", "get", "GET\x00")
_PATHS = (
    "/", "/health", "/metrics", "/subscribe", "/archive/‹t›", "/archive/‹t›/‹n›", "/archives/‹t›", "/s/‹k›/mute",
    "/s/‹k›/‹w›", "/manage/‹t›", "/manage/‹t›/renew", "/feedback/‹t›/‹w›", "/confirm/‹t›", "/topics/‹p›/feed.‹f›",
    "/unsubscribe/‹t›", "‹x›", "/‹x›/",
)  # fmt: skip
_PURPOSES = ("manage", "unsubscribe", "archives", "archive", "confirm", "feedback", "topic-feed", "form", "expired")
_FIELDS = (
    "address", "topic", f"band-{TOPIC}", "schedule", "rhythm", "at", "day", "minutes", "night_from", "night_to",
    "zone", "language", "stories", "send_empty", "pause_until", "mute", "hear", "outlet", "muted-outlet",
    "muted-story",
)  # fmt: skip
_VALUES = (
    TOPIC, "balanced", "wide", "daily", "weekly", "instant", "07:30", "99:99", "6", "-1", "9" * 5_000,
    "Europe/Madrid", "../../etc/passwd", "en", "es", "xx", "yes", "2026-12-31", "0000-00-00", "story", "outlet",
    "\x00", "٣", "1e9", "Mars/Phobos", "Europe", "/etc", "a" * 300,
)  # fmt: skip
_HEADERS = (
    "host",
    "accept-language",
    "if-none-match",
    "sec-fetch-site",
    "x-forwarded-for",
    "content-length",
    "origin",
    "cookie",
    "expect",
    "range",
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What is asked: names of tokens and form fields stand for what the installation signs."""

    is_owners: bool
    method: str
    path: str
    purpose: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    fields: tuple[tuple[str, str], ...]
    spoil: int
    client: str


def request(lot: Random) -> Visit:
    """A visit by lot."""
    path = lot.choice(_PATHS)
    for mark, values in {
        "n": ("1", "2", "-1", "9" * 40),
        "w": ("yes", "no", "maybe"),
        "p": (TOPIC, "x"),
        "f": ("atom", "json", "xml"),
    }.items():
        path = path.replace(f"‹{mark}›", one_of(lot, values, 500))
    path = path.replace("‹x›", odd(lot, 3_000))
    fields = tuple(
        (lot.choice(_FIELDS), one_of(lot, (*_VALUES, address(lot), schedule(lot))))
        for _ in range(lot.choice((0, 3, 9, 300)))
    )
    headers = tuple(
        (
            lot.choice(_HEADERS).encode(),
            one_of(lot, ("127.0.0.1", "en", "*", "same-origin", "cross-site"), 3_000).encode("utf-8", "replace"),
        )
        for _ in range(lot.choice((0, 1, 4)))
    )
    # As much as h11 lets through: the visible characters of ASCII.
    query = bytes(
        byte for byte in broken(lot, urlencode([(one, "x") for one, _ in fields[:4]]).encode()) if 0x21 <= byte <= 0x7E
    )
    client = lot.choice(("127.0.0.1", "2001:db8::1", "", "not an address", "::ffff:1.2.3.4", "1.2.3.4%eth0"))
    return Visit(
        lot.random() < 0.1,
        lot.choice(_METHODS),
        path,
        lot.choice(_PURPOSES),
        query,
        headers,
        fields,
        lot.choice((0, 0, 0, 1, 2)),
        client,
    )


def visit(given: Visit) -> None:
    """Ask, over an installation as it was at first. Raises AssertionError for an answer that blames us."""
    deps = _fresh()
    try:
        path = _opened(deps, given)
        fields = [*given.fields, ("form", _form(deps, given))]
        body = urlencode(fields, errors="surrogatepass").encode()
        status, headers = asyncio.run(_ask(deps, given, path, body[:: -1 if given.spoil == 2 else 1]))
    finally:
        deps.database.close()
    asks_redis = path.startswith(("/subscribe", "/manage", "/metrics"))
    assert status < 500 or (status == 503 and (asks_redis or path.startswith("/health"))), status
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "\n" not in headers.get("location", "")


def _opened(deps: Any, given: Visit) -> str:
    from worker.digests import StoryKey

    payloads: Mapping[str, dict[str, object]] = {
        "archive": {"digest": [1, "scheduled", NOW.isoformat()]}, "topic-feed": {"topic": TOPIC},
        "feedback": {"s": 1, "t": TOPIC, "a": 1},
        "confirm": {"address": "new@n.example", "zone": "Europe/Madrid", "topics": [TOPIC], "schedule": "hourly"},
        "form": {"purpose": "manage", "whose": 1},
    }  # fmt: skip
    purpose = "manage" if given.purpose == "expired" else given.purpose
    lasts = -timedelta(1) if given.purpose == "expired" else timedelta(1)
    token = deps.sign(purpose, payloads.get(purpose, {"subscription": 1}), lasts=lasts)
    key = deps.story_key(StoryKey(1, 1, TOPIC), lasts=timedelta(1))
    if given.spoil == 1:
        token, key = token[:-1] + "é", key[::-1]
    return given.path.replace("‹t›", token).replace("‹k›", key)


def _form(deps: Any, given: Visit) -> str:
    purpose = given.path.strip("/").partition("/")[0]
    whose = {"manage": 1, "subscribe": ""}.get(purpose, "")
    purpose = "renew" if given.path.endswith("renew") else purpose
    token: str = deps.sign(
        "form", {"purpose": purpose, "whose": "" if purpose == "renew" else whose}, lasts=timedelta(1)
    )
    return token


async def _ask(deps: Any, given: Visit, path: str, body: bytes) -> tuple[int, dict[str, str]]:
    from worker.web.app import make_status_web, make_web

    answer: dict[str, Any] = {}
    raw = path.encode("utf-8", "surrogatepass")
    named = {name for name, _ in given.headers}
    plain = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": given.method, "scheme": "http",
        "path": path, "raw_path": raw, "query_string": given.query, "root_path": "", "server": ("127.0.0.1", 80),
        "headers": [*(one for one in plain if one[0] not in named), *given.headers],
        "client": (given.client, 9) if given.client else None,
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        answer.update(message) if message["type"] == "http.response.start" else None

    web = make_status_web(deps) if given.is_owners else make_web(deps)
    await web(scope, receive, send)  # type: ignore[arg-type]
    return int(answer["status"]), {name.decode().lower(): value.decode("latin-1") for name, value in answer["headers"]}


def _fresh() -> Any:
    """The installation, as nobody has asked yet."""
    from worker.setup.deps import Deps

    settings, prepared = _prepared()
    for left in prepared.parent.glob("visits.db*"):
        left.unlink()
    shutil.copyfile(prepared, prepared.with_name("visits.db"))
    return Deps(settings, now=lambda: NOW)


@cache
def _prepared() -> tuple[Any, Path]:
    """Settings, and a database with a reader, a digest and a matched story."""
    from worker.setup.deps import Deps
    from worker.setup.settings import load_settings
    from worker.storage.db import migrations

    folder = Path(tempfile.mkdtemp(prefix="fuzz-web-"))
    settings = load_settings(
        folder=folder, database_url=f"sqlite:///{folder / 'visits.db'}", redis_url="unix:///nowhere.sock",
        log_level="error", web={"subscribe": True, "metrics": True, "topic_feeds": "open", "base_url": "https://watch.example"},
    )  # fmt: skip
    deps = Deps(settings, now=lambda: NOW)
    migrations.upgrade(deps.database)
    with deps.transaction() as session:
        _fill(session)
    deps.database.close()
    prepared = folder / "prepared.db"
    shutil.copyfile(folder / "visits.db", prepared)
    return settings, prepared


def _fill(session: Any) -> None:
    from worker import duplicates, pages
    from worker.digests import Period
    from worker.setup.declarations import check_subscriber, subscriber_request
    from worker.storage.articles import article_rows, discoveries
    from worker.storage.digests import outbox, subscribers
    from worker.storage.digests.outbox import NewDelivery

    asked = subscriber_request(
        check_subscriber({"address": "reader@news.example", "topics": [TOPIC]}), [TOPIC], now=NOW
    )
    subscribers.save_request(session, asked, now=NOW)
    url = "https://news.example/1"
    new = discoveries.NewArticle(key=url, url=url, entry_id=url, title="Ferry <b>", body="", published=NOW)
    (row,) = discoveries.discover(session, None, "Example", [new], now=NOW)
    read = pages.ExtractedArticle(pages.PageKind.ARTICLE, "Ferry", "Migrants crossed.", language="en")
    unique = duplicates.DuplicateDecision(duplicates.DuplicateKind.UNIQUE)
    article_rows.save_analysis(
        session, row.id, read, published=NOW, agency=None, text_hash="x", duplicate=unique, now=NOW
    )
    delivery = NewDelivery("email", "a@b.example", "reader@news.example", "<1@b.example>", b"x")
    period = Period(NOW - timedelta(1), NOW)
    outbox.save_digest(
        session, 1, "scheduled", period, html="<p>x</p>", more=(), stories=(), delivery=delivery, now=NOW
    )
