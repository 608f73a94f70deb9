"""Every route of both web applications, with links that open and with forged ones: none lets anything in or out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, match, send, subscribe, tell
from tests.integration.web_client import Answer, WebClient
from worker.digests import StoryKey
from worker.feeds import HubLink
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import NewFeed
from worker.storage.sources.hub_subscriptions import announce_hub, claim_subscription
from worker.web.app import make_status_web, make_web
from worker.web.hardening import HardenedHeaders

BASE = "https://watch.example"
URL = "https://news.example/feed"
HOSTILE = '</title><script>alert(1)</script><img src=//x.invalid/i onerror=alert(1)>" onmouseover="alert(1)'
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
FORGED = ("x", "..", "%00", "a" * 9_000, "e30.e30", "\u202e", "<b>", "0")


class Loads(HTMLParser):
    """What a browser would run, load or send elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.methods: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        addresses = {name: given[name] or "" for name in ("src", "action", "data", "srcset") if given.get(name)}
        outside = [f"{name}={to}" for name, to in addresses.items() if name != "action" or not re.match(r"/[^/]", to)]
        handlers = [name for name in given if name.startswith("on")]
        if tag in {"script", "iframe", "object", "embed", "base", "img", "link"} or handlers or outside:
            self.found.append(f"<{tag} {' '.join(handlers + outside)}>")
        if tag == "meta" and "http-equiv" in given:
            self.found.append("<meta http-equiv>")
        if tag == "form":
            self.methods.add(given.get("method") or "get")


@pytest.fixture
def deps(tmp_path: Path) -> Iterator[Deps]:
    settings = load_settings(folder=tmp_path, web={"subscribe": True, "metrics": True, "base_url": BASE})
    deps = Deps(settings, now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.database.close()


def filled(deps: Deps) -> dict[str, list[str]]:
    """By route: addresses of it that open."""
    with deps.transaction() as session:
        reader = subscribe(session)
        article = analyze(session, f"https://news.example/{HOSTILE}")
        tell(session, article, "key")
        match(session, article)
        send(session, reader, html="<p>digest</p>")
    signed = {name: deps.sign(name, {"subscription": reader}) for name in ("manage", "unsubscribe", "archives")}
    archive = deps.sign("archive", {"digest": [reader, "scheduled", NOW.isoformat()]})
    said = deps.sign("feedback", {"s": reader, "t": TOPIC, "a": article})
    key = deps.story_key(StoryKey(reader, article, TOPIC), lasts=DAY)
    asked = {"address": "new@news.example", "zone": "Europe/Madrid", "topics": [TOPIC], "schedule": "hourly"}
    feed = deps.sign("topic-feed", {"topic": TOPIC})
    with deps.transaction() as session:
        feed_rows.add_feeds(session, [NewFeed(URL)], now=NOW)
        (watched,) = feed_rows.list_feeds(session)
        hub = announce_hub(session, watched.id, HubLink(f"{URL}/hub", URL), key="k", secret="s")
        assert hub is not None
        claim_subscription(session, hub, now=NOW, lease=DAY)
    expired = deps.sign("manage", {"subscription": reader}, lasts=-DAY)
    return {
        "/": ["/"], "/metrics": ["/metrics"], "/health": ["/health", "/health?verbose"],
        "/health/live": ["/health/live"], "/health/ready": ["/health/ready"],
        "/archive/{token}": [f"/archive/{archive}"], "/archive/{token}/{number:int}": [f"/archive/{archive}/1"],
        "/archives/{token}": [f"/archives/{signed['archives']}"],
        "/s/{key}": [f"/s/{key}"], "/s/{key}/mute": [f"/s/{key}/mute"], "/s/{key}/{word}": [f"/s/{key}/no"],
        "/manage/{token}": [f"/manage/{signed['manage']}", f"/manage/{expired}"],
        "/manage/{token}/renew": [f"/manage/{expired}/renew"],
        "/feedback/{token}/{word}": [f"/feedback/{said}/yes"], "/subscribe": ["/subscribe"],
        "/confirm/{token}": [f"/confirm/{deps.sign('confirm', asked, lasts=DAY)}"],
        "/topics/{topic}/feed.{form}": [f"/topics/{TOPIC}/feed.{form}?token={feed}" for form in ("atom", "json")],
        "/unsubscribe/{token}": [f"/unsubscribe/{signed['unsubscribe']}"],
        "/websub/{key}": [f"/websub/k?hub.mode=subscribe&hub.topic={URL}&hub.challenge=%3Cb%3E&hub.lease_seconds=9"],
    }  # fmt: skip


def routes(web: HardenedHeaders) -> set[str]:
    assert isinstance(web.app, Starlette)
    found = {route.path for route in web.app.routes if isinstance(route, Route)}
    return {path for path in found if not path.startswith("/desk")}  # see tests/integration/desk: they know people


def forged(path: str) -> list[str]:
    return [re.sub(r"\{[^}]*\}", one, path) for one in FORGED]


def assert_lets_nothing_in_or_out(answer: Answer, url: str) -> None:
    headers = answer.headers
    assert headers["content-security-policy"] == POLICY, url
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] in {"no-store", "private, max-age=300"}
    assert not {"set-cookie", "access-control-allow-origin", "server"} & headers.keys()
    if "location" in headers:
        assert headers["location"].startswith((f"{BASE}/", "http://127.0.0.1:8081/"))
    if headers.get("content-type", "").startswith("text/html"):
        page = Loads(answer.text)
        assert (page.found, page.methods - {"post"}) == ([], set()), url
        links = re.findall(r'href="([^"]*)"', answer.text)
        assert {urlsplit(link).scheme for link in links} <= {"", "http", "https"}


@pytest.mark.parametrize("make", [make_web, make_status_web])
def test_no_answer_lets_anything_in_or_out(deps: Deps, make, redis_url: str) -> None:  # type: ignore[no-untyped-def]
    web = make(deps)
    opens = filled(deps)
    assert routes(web) <= opens.keys(), "a new route is walked too"
    client = WebClient(web)
    for path in sorted(routes(web)):
        for url in [*opens[path], *forged(path)]:
            for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE"):
                answer = client.ask(method, url, b"form=x&topic=%ff&zone=../..&at=%00", origin="https://evil.example")
                assert answer.status < 500 or (answer.status == 503 and url.startswith(("/health", "/subscribe")))
                assert_lets_nothing_in_or_out(answer, url)
        assert client.get(opens[path][0]).status in {200, 404, 405, 503}, path


def test_what_opens_is_shown_and_harmless(deps: Deps) -> None:
    """The page of each link opens indeed, with a headline that would run if it could."""
    opens, client = filled(deps), WebClient(make_web(deps))
    for path in sorted(routes(make_web(deps)) - {"/health", "/manage/{token}/renew"}):
        answer = client.get(opens[path][0])
        assert answer.status == 200, path
        assert_lets_nothing_in_or_out(answer, path)
    assert "&lt;script&gt;" in client.get(opens["/s/{key}/{word}"][0]).text


@pytest.mark.parametrize(
    "path", ["/robots.txt", "/sitemap.xml", "/favicon.ico", "/.well-known/security.txt", "/static/x"]
)
def test_nothing_else_is_there(deps: Deps, path: str) -> None:
    """No robots.txt on purpose: who may not ask for a page does not see that it is not to be indexed."""
    for make in (make_web, make_status_web):
        answer = WebClient(make(deps)).get(path)
        assert answer.status == 404
        assert_lets_nothing_in_or_out(answer, path)
