"""Feeds whose hub tells of their news: asked, verified, believed as far as it is right, and done without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
from structlog.testing import CapturingLogger

from tests.conftest import NOW
from tests.integration import inline
from tests.integration.hub_server import serve_hub, signature_of
from tests.integration.news_server import RSS, NewsServer, Reply, page, rss, serve_news
from tests.integration.processes import storywatch, wait_until
from tests.integration.test_run_service import free_port, is_healthy
from tests.integration.web_client import Answer, WebClient
from worker.cli.main import main
from worker.errors import FetchError, FetchReason
from worker.setup.base_deps import utc_now
from worker.setup.deps import Deps
from worker.setup.settings import CONFIG_VARIABLE
from worker.step import Wakeups
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import FeedRecord, NewFeed
from worker.storage.reports.explanation import find_article
from worker.storage.sources import hub_subscriptions
from worker.storage.sources.hub_subscriptions import HubRecord
from worker.web.app import make_web

HUB = "http://hub.example/"
HOUR = timedelta(hours=1)


class Letterbox:
    """Takes what would be posted to a hub; refuses it where a test says how."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.fault: FetchError | None = None

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> None:
        assert (url, headers["Content-Type"]) == (HUB, "application/x-www-form-urlencoded")
        self.asked.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
        if self.fault:
            raise self.fault


class Desk(Deps):
    """The real things, but for the way to the hub."""

    letterbox: Letterbox

    @property
    def poster(self) -> Letterbox:  # type: ignore[override]
        return self.letterbox


def clock() -> Callable[[], datetime]:
    """A clock that goes from when the entries of these feeds were published."""
    begun = utc_now()
    return lambda: NOW + (utc_now() - begun)


class Watched:
    """A feed with a hub, watched by a worker and a web application of this process."""

    def __init__(self, deps: Desk, site: NewsServer) -> None:
        self.deps, self.site = deps, site
        self.woken: list[Wakeups] = []
        self.web = WebClient(make_web(deps, self.woken.append))

    def publish(self, *paths: str, hub: str = HUB, header: bool = False) -> None:
        link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub}"/>' if hub else ""
        body = rss(self.site.url, *paths).replace(b"</title>", f"</title>{link}".encode() * (not header), 1)
        headers = (("Link", f'<{hub}>; rel="hub"'),) if header else ()
        self.site.replies["feed"] = Reply(body, RSS, headers=headers)
        self.site.replies |= {path: page(path) for path in paths}

    def run(self) -> None:
        inline.run_all(self.deps, "fetch", "analyze")

    @property
    def feed(self) -> FeedRecord:
        with self.deps.reading() as session:
            (feed,) = feed_rows.list_feeds(session)
        return feed

    @property
    def subscription(self) -> HubRecord:
        with self.deps.reading() as session:
            found = hub_subscriptions.subscription_of(session, self.feed.id)
        assert found is not None
        return found

    @property
    def asked(self) -> dict[str, str]:
        return self.deps.letterbox.asked[-1]

    def visit(self, **said: str) -> Answer:
        """The hub's GET at our callback."""
        given = {"mode": "subscribe", "topic": self.asked["hub.topic"], "challenge": "c", "lease_seconds": "864000"}
        query = urlencode({f"hub.{name}": value for name, value in (given | said).items()})
        return self.web.get(f"{self.path}?{query}")

    @property
    def path(self) -> str:
        return self.asked["hub.callback"].removeprefix("https://watch.example")

    def ping(self, body: bytes, signature: str | None = None) -> Answer:
        said = signature_of(self.asked["hub.secret"], body) if signature is None else signature
        return self.web.post(self.path, body, x_hub_signature=said)


@pytest.fixture
def watched(database: Database, redis_url: str, tmp_path: Path) -> Iterator[Watched]:
    settings = inline.settings_for(tmp_path, database.url, redis_url, web={"base_url": "https://watch.example"})
    with serve_news() as site:
        deps = Desk(settings, jitter=lambda: 0.0, now=clock())
        deps.letterbox = Letterbox()
        one = Watched(deps, site)
        one.publish("a")
        inline.watch(deps, NewFeed(f"{site.url}/feed"))
        yield one
        deps.redis.close()
        deps.database.close()


def test_a_hub_is_asked_verified_and_asked_again_before_its_lease_ends(watched: Watched) -> None:
    watched.run()
    asked = watched.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", watched.feed.url)
    assert asked["hub.callback"].startswith("https://watch.example/websub/")
    assert len(asked["hub.secret"]) >= 32
    assert watched.visit(topic="https://elsewhere.example/").status == 404
    assert watched.visit(mode="unsubscribe").status == 404
    assert watched.visit(challenge="").status == 404
    answer = watched.visit(challenge="<b>echo</b>", lease_seconds="1000")
    assert (answer.status, answer.text, answer.headers["content-type"]) == (
        200, "<b>echo</b>", "text/plain; charset=utf-8",
    )  # fmt: skip
    subscription = watched.subscription
    assert subscription.state == "active"
    assert subscription.expires_at is not None
    inline.later(watched.deps, timedelta(seconds=700))
    watched.run()
    assert len(watched.deps.letterbox.asked) == 1
    inline.later(watched.deps, timedelta(seconds=200))
    watched.run()
    assert len(watched.deps.letterbox.asked) == 2, "at four fifths of the lease"
    assert watched.asked == asked, "with the same key and secret"
    watched.visit()
    assert watched.subscription.state == "active"


def test_a_ping_wakes_and_the_feed_is_polled_seldom_until_the_hub_is_silent(watched: Watched) -> None:
    watched.run()
    watched.visit()
    soon = watched.feed.next_poll_at
    watched.publish("a", "b")
    assert watched.ping(b"a fat ping, of which nothing is read").status == 202
    assert watched.woken == [(("poll_feeds", watched.feed.id),)]
    assert watched.feed.next_poll_at < soon
    watched.run()
    assert watched.site.asked["b"] == 1, "the article's page was fetched"
    inline.later(watched.deps, HOUR)
    watched.run()
    polled = watched.site.asked["feed"]
    assert watched.feed.next_poll_at - watched.deps.now() > 0.9 * HOUR
    watched.publish("a", "b", "c")
    inline.later(watched.deps, HOUR)
    watched.run()
    assert watched.site.asked["feed"] == polled + 1
    assert watched.site.asked["c"] == 1, "had within one poll, though the hub said nothing"
    inline.later(watched.deps, HOUR)
    watched.run()
    assert watched.feed.next_poll_at - watched.deps.now() < 0.9 * HOUR, "its rhythm is back"


def test_what_is_not_the_hubs_wakes_nobody(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    log = CapturingLogger()
    monkeypatch.setattr("worker.web.websub.log", log)
    watched.run()
    watched.visit()
    too_large = watched.deps.settings.fetch.max_megabytes * 1_000_000 + 1
    assert watched.ping(b"forged", "sha256=00").status == 202
    assert watched.ping(b"unsigned", "").status == 202
    assert watched.ping(b"x" * round(too_large)).status == 413
    assert watched.web.post("/websub/unknown", b"x").status == 410
    assert watched.ping(b"news").status == 202
    assert watched.ping(b"news").status == 202
    assert [bool(woken) for woken in watched.woken] == [True, False]
    assert [call.args for call in log.calls] == [("hub ping ignored",)] * 4, "a line each"


def test_a_hub_that_cries_wolf_is_followed_ever_less(watched: Watched) -> None:
    watched.run()
    watched.visit()
    before = watched.site.asked["feed"]
    for number in range(100):
        watched.ping(b"wolf %d" % number)
        watched.run()
        inline.later(watched.deps, timedelta(seconds=1))
    assert watched.site.asked["feed"] - before <= 7


def test_a_hub_that_refuses_or_never_verifies_is_asked_ever_later(watched: Watched) -> None:
    refusal = FetchError(FetchReason.HTTP_STATUS, "hub.example: no (status 500)", transient=True, status=500)
    watched.deps.letterbox.fault = refusal
    waits = (timedelta(), timedelta(minutes=11), timedelta(minutes=21), timedelta(minutes=21))
    counts = []
    for wait in waits:
        inline.later(watched.deps, wait)
        watched.run()
        counts.append(len(watched.deps.letterbox.asked))
    assert counts == [1, 2, 3, 3]
    with watched.deps.reading() as session:
        (status,) = hub_subscriptions.list_hubs(session)
    assert (status.state, status.reason) == ("failed", str(refusal))
    watched.deps.letterbox.fault = None
    inline.later(watched.deps, timedelta(minutes=41))
    watched.run()
    assert watched.subscription.state == "asked"
    assert watched.visit(mode="denied", reason="not\x00you").status == 200
    assert watched.subscription.state == "failed"


def test_a_feed_without_a_hub_any_more_or_that_is_removed_is_told_nothing(watched: Watched) -> None:
    watched.publish("a", header=True)
    watched.run()
    watched.visit()
    path, secret = watched.path, watched.asked["hub.secret"]
    with watched.deps.transaction() as session:
        feed_rows.remove_feed(session, watched.feed.url)
    assert watched.ping(b"news").status == 410
    with watched.deps.transaction() as session:
        feed_rows.add_feeds(session, [NewFeed(f"{watched.site.url}/feed")], now=watched.deps.now())
    watched.publish("a", "b", hub="")
    watched.run()
    answer = watched.web.post(path, b"news", x_hub_signature=signature_of(secret, b"news"))
    assert answer.status == 410
    with watched.deps.reading() as session:
        assert hub_subscriptions.list_hubs(session) == []


def test_without_an_address_no_hub_is_asked(database: Database, redis_url: str, tmp_path: Path) -> None:
    settings = inline.settings_for(tmp_path, database.url, redis_url)
    with serve_news() as site:
        deps = Desk(settings, jitter=lambda: 0.0, now=clock())
        deps.letterbox = Letterbox()
        one = Watched(deps, site)
        one.publish("a")
        inline.watch(deps, NewFeed(f"{site.url}/feed"))
        one.run()
        assert deps.letterbox.asked == []
        deps.redis.close()
        deps.database.close()


CONFIGURATION = """
log_format = "json"
builtin_topics = false
[web]
port = {port}
status_port = 0
base_url = "http://127.0.0.1:{port}"
[fetch]
allow_private_hosts = ["127.0.0.1"]
spacing_seconds = 0
[[feeds]]
url = "{site}/feed"
"""


@pytest.mark.slow
def test_news_are_had_at_once_through_the_real_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hub, a site and `storywatch run` on loopback; the feed, whose entries are old, is due again in a day."""
    port = free_port()
    with serve_news() as site, serve_hub() as hub:
        path = tmp_path / "storywatch.toml"
        path.write_text(CONFIGURATION.format(port=port, site=site.url))
        monkeypatch.setenv(CONFIG_VARIABLE, str(path))
        link = f'</title><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub.url}"/>'.encode()

        def publish(*paths: str) -> None:
            site.replies |= {one: page(one) for one in paths}
            site.replies["feed"] = Reply(rss(site.url, *paths).replace(b"</title>", link, 1), RSS)

        publish("a")
        with storywatch("run", folder=tmp_path):
            log = tmp_path / "run.log"
            assert wait_until(lambda: is_healthy(port)), log.read_text()
            assert wait_until(lambda: bool(hub.verified)), log.read_text()
            publish("a", "b")
            assert hub.tell(site.replies["feed"].body) == 202
            database = Database(f"sqlite:///{tmp_path / 'data' / 'storywatch.db'}")
            assert wait_until(lambda: _is_known(database, f"{site.url}/b"), seconds=60), log.read_text()
            database.close()
            assert main(["feeds", "hubs"]) == 0
            assert "Traceback" not in log.read_text()
    printed = capsys.readouterr().out
    assert hub.url in printed
    assert "\tactive\t" in printed


def _is_known(database: Database, url: str) -> bool:
    with database.reading() as session:
        return find_article(session, key=url, url=url) is not None
