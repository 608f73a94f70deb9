"""Visits in the host's turn: a real Redis, a real database, and a host on loopback that counts who asks for what."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.integration import inline
from tests.integration.news_server import RSS, NewsServer, Reply, page, rss, serve_news
from worker.errors import FetchError
from worker.intake.poll_feeds import poll_feeds
from worker.intake.visits import HostBusy, visit
from worker.net import ACCEPT_PAGE, FetchedResource, Fetcher
from worker.setup.deps import Deps
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import FeedRecord, NewFeed

TEN = timedelta(seconds=10)


@pytest.fixture
def site() -> Iterator[NewsServer]:
    with serve_news() as site:
        site.replies |= {"feed": Reply(rss(site.url, "a"), RSS), "a": page("a"), "b": page("b")}
        yield site


@pytest.fixture
def deps(sqlite: Database, redis_url: str, tmp_path: Path) -> Iterator[Deps]:
    deps = inline.make_deps(inline.settings_for(tmp_path, sqlite.url, redis_url))
    yield deps
    deps.redis.close()
    deps.database.close()


def rules(text: str) -> Reply:
    return Reply(f"User-agent: *\n{text}\n".encode(), "text/plain")


def the_feed(deps: Deps) -> FeedRecord:
    with deps.reading() as session:
        (feed,) = feed_rows.list_feeds(session)
    return feed


def test_a_feed_is_polled_as_far_apart_as_its_host_asks_from_the_first_poll_on(site: NewsServer, deps: Deps) -> None:
    site.replies["robots.txt"] = rules("Crawl-delay: 10\nDisallow: /feed")
    inline.watch(deps, NewFeed(f"{site.url}/feed"))
    assert poll_feeds(deps, 1) == ()
    assert dict(site.asked) == {"robots.txt": 1}, "that was a visit: the feed waits"
    feed = the_feed(deps)
    assert timedelta(seconds=9) < feed.next_poll_at - deps.now() <= TEN
    assert (feed.facts.crawl_delay, feed.history.failures) == (TEN, 0)
    assert isinstance(visit(deps, f"{site.url}/a", accept=ACCEPT_PAGE), HostBusy)
    deps.redis.hset("storywatch:host:host:127.0.0.1:state", mapping={"seen": 0, "last:feed": 0})
    inline.later(deps, TEN)
    (woken,) = poll_feeds(deps, 1)
    assert woken.step == "read_feed", "rules are for pages"
    assert dict(site.asked) == {"robots.txt": 1, "feed": 1}


def test_who_stops_asking_for_a_delay_is_believed(site: NewsServer, deps: Deps) -> None:
    site.replies["robots.txt"] = rules("Crawl-delay: 10")
    inline.watch(deps, NewFeed(f"{site.url}/feed"))
    poll_feeds(deps, 1)
    assert the_feed(deps).facts.crawl_delay == TEN
    deps.redis.flushall()
    site.replies["robots.txt"] = rules("Disallow: /b")
    inline.later(deps, TEN)
    assert len(poll_feeds(deps, 1)) == 1, "in the same turn"
    assert the_feed(deps).facts.crawl_delay == timedelta()


def test_a_page_is_had_in_the_turn_in_which_robots_txt_was_asked_for(site: NewsServer, deps: Deps) -> None:
    site.replies["robots.txt"] = rules("Disallow: /b")
    assert isinstance(visit(deps, f"{site.url}/a", accept=ACCEPT_PAGE), FetchedResource)
    refused = visit(deps, f"{site.url}/b", accept=ACCEPT_PAGE)
    assert isinstance(refused, FetchError)
    assert refused.why == "robots.txt asks us to leave it alone"
    assert isinstance(visit(deps, f"{site.url}/a", accept=ACCEPT_PAGE), FetchedResource)
    assert dict(site.asked) == {"robots.txt": 1, "a": 2}
    assert deps.redis.keys("*:leases") == []


class Held:
    """The real fetcher, which brings robots.txt only once it is let go."""

    def __init__(self, real: Fetcher) -> None:
        self.real, self.begun, self.let_go = real, Event(), Event()

    def fetch(self, url: str, *given: Any, **more: Any) -> Any:
        if url.endswith("/robots.txt"):
            self.begun.set()
            assert self.let_go.wait(20)
        return self.real.fetch(url, *given, **more)


def test_of_several_visitors_one_asks_for_robots_txt(site: NewsServer, deps: Deps) -> None:
    site.replies["robots.txt"] = rules("Disallow: /b")
    inline.watch(deps, NewFeed(f"{site.url}/feed"))
    deps.fetcher = held = Held(deps.fetcher)  # type: ignore[assignment]
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(visit, deps, f"{site.url}/a", accept=ACCEPT_PAGE)
        assert held.begun.wait(20)
        assert visit(deps, f"{site.url}/a", accept=ACCEPT_PAGE) == HostBusy(timedelta(seconds=1))
        assert poll_feeds(deps, 1) == ()
        held.let_go.set()
        assert isinstance(first.result(20), FetchedResource)
    assert dict(site.asked) == {"robots.txt": 1, "a": 1}
