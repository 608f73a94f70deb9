"""A feed that moves stays one feed, whatever the configuration calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration import inline
from tests.integration.news_server import RSS, NewsServer, Reply, rss, serve_news
from worker import net
from worker.feeds import FeedState, assess
from worker.intake.poll_feeds import poll_feeds
from worker.setup.declarations import reconcile
from worker.setup.deps import Deps
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import FeedRecord

DAY = timedelta(hours=25)
Start = Callable[..., Deps]


@pytest.fixture
def site() -> Iterator[NewsServer]:
    with serve_news() as site:
        site.replies["one"] = Reply(rss(site.url, "a1"), RSS)
        yield site


@pytest.fixture
def start(database: Database, redis_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts the service with feeds as the configuration declares them, on the same database; once on each engine."""
    yield from starting(database.url, redis_url, tmp_path)


@pytest.fixture
def start_here(sqlite: Database, redis_url: str, tmp_path: Path) -> Iterator[Start]:
    """The same, where the database makes no difference."""
    yield from starting(sqlite.url, redis_url, tmp_path)


def starting(database_url: str, redis_url: str, folder: Path) -> Iterator[Start]:
    running: list[Deps] = []

    def start(*declared: str | dict[str, object]) -> Deps:
        listed = [{"url": feed} if isinstance(feed, str) else feed for feed in declared]
        deps = Deps(inline.settings_for(folder, database_url, redis_url, feeds=listed), jitter=lambda: 0.0)
        deps.feed_hosts = net.NoHostLimits()
        deps.now = running[-1].now if running else deps.now
        running.append(deps)
        reconcile(deps)
        return deps

    yield start
    for deps in running:
        deps.redis.close()
        deps.database.close()


def move(site: NewsServer, old: str, new: str, status: int = 301) -> None:
    site.replies[new] = site.replies[old]
    site.replies[old] = Reply(status=status, headers=(("Location", f"/{new}"),))


def watched(deps: Deps) -> list[FeedRecord]:
    with deps.reading() as session:
        return feed_rows.list_feeds(session)


def poll(deps: Deps, times: int = 3) -> list[str]:
    """Poll all feeds so many times, a day apart; return their addresses."""
    for _ in range(times):
        inline.later(deps, DAY)
        poll_feeds(deps, *(feed.id for feed in watched(deps)))
        inline.run_all(deps, "analyze")
    return [feed.url for feed in watched(deps)]


def test_a_feed_that_moved_twice_is_known_by_every_address_it_had(site: NewsServer, start: Start) -> None:
    one, two, three = (f"{site.url}/{name}" for name in ("one", "two", "three"))
    assert poll(start(one), 1) == [one]
    move(site, "one", "two")
    assert poll(start(one)) == [two]
    assert poll(start(one)) == [two], "started again, the old address adds no second feed"
    move(site, "two", "three", 308)
    site.replies["one"] = Reply(b"no", status=404)
    assert poll(start(one)) == [three]
    for declared in (one, two, three):  # as it was, and as a person may have put it right at any time
        deps = start(declared)
        assert [(feed.url, feed.first_url) for feed in watched(deps)] == [(three, one)]
    asked = site.asked.copy()
    poll(deps, 1)
    assert site.asked - asked == {"three": 1}


def test_a_person_who_writes_the_new_address_confirms_the_move(site: NewsServer, start: Start) -> None:
    one, two = f"{site.url}/one", f"{site.url}/two"
    poll(start(one), 1)
    move(site, "one", "two")
    deps = start(one)
    assert poll(deps, 1) == [one]
    (feed,) = watched(deps)
    assert assess(feed.facts, now=deps.now()).state is FeedState.MOVED
    deps = start({"url": two, "outlet": "The Second"})
    (moved,) = watched(deps)
    assert (moved.id, moved.url, moved.facts.moved_to) == (feed.id, two, None)
    assert (moved.outlet, moved.title) == ("The Second", "A feed")
    assert [feed.url for feed in watched(start(one))] == [two], "nor does a copy of the old file bring it back"


def test_who_stopped_watching_a_feed_that_moved_is_not_made_to_watch_it_again(
    site: NewsServer, start_here: Start
) -> None:
    one, two = f"{site.url}/one", f"{site.url}/two"
    move(site, "one", "two")
    deps = start_here(one)
    assert poll(deps) == [two]
    with deps.transaction() as session:
        assert feed_rows.remove_feed(session, one), "known by the old address, too"
    assert watched(start_here(one)) == watched(start_here(two)) == []


def test_a_feed_that_was_removed_takes_no_new_one_along(site: NewsServer, start_here: Start) -> None:
    one, two = f"{site.url}/one", f"{site.url}/two"
    move(site, "one", "two")
    deps = start_here(one)
    poll(deps, 1)
    with deps.transaction() as session:
        assert feed_rows.remove_feed(session, one)
    assert [feed.url for feed in watched(start_here(two))] == [two]


def test_two_feeds_that_turn_out_to_be_one_say_so(site: NewsServer, start: Start) -> None:
    one, two = f"{site.url}/one", f"{site.url}/two"
    move(site, "one", "two")
    deps = start(one, two)
    assert set(poll(deps)) == {one, two}
    moved = next(feed for feed in watched(deps) if feed.url == one)
    health = assess(moved.facts, now=deps.now())
    assert health.state is FeedState.MOVED
    assert health.reason == f"it has moved to {two}, which is watched too: remove one of the two"


def test_an_address_that_was_left_can_be_watched_for_itself(site: NewsServer, start_here: Start) -> None:
    one, two = f"{site.url}/one", f"{site.url}/two"
    move(site, "one", "two")
    deps = start_here(one)
    assert poll(deps) == [two]
    with deps.transaction() as session:
        assert feed_rows.add_feeds(session, [feed_rows.NewFeed(one)], now=deps.now()) == 0
        assert feed_rows.add_feeds(session, [feed_rows.NewFeed(one)], now=deps.now(), again=True) == 1
    site.replies["one"] = Reply(rss(site.url, "b1"), RSS)
    assert set(poll(deps)) == {one, two}
    assert {feed.url for feed in watched(start_here(one))} == {one, two}


def test_a_feed_that_moves_back_is_where_it_was(site: NewsServer, start_here: Start) -> None:
    one, two = f"{site.url}/one", f"{site.url}/two"
    move(site, "one", "two")
    assert poll(start_here(one)) == [two]
    move(site, "two", "one")
    deps = start_here(one)
    assert poll(deps) == [one]
    assert [(feed.url, feed.first_url) for feed in watched(start_here(two))] == [(one, one)]


def test_entries_without_a_link_are_the_same_after_a_move(site: NewsServer, start_here: Start) -> None:
    body = b"<rss version='2.0'><channel><item><title>Ferry late</title><guid>g1</guid></item></channel></rss>"
    site.replies["one"] = Reply(body, RSS)
    deps = start_here(f"{site.url}/one")
    poll(deps, 1)
    move(site, "one", "two")
    assert poll(deps) == [f"{site.url}/two"]
    site.replies["two"] = Reply(body.replace(b"late</title>", b"late again</title>"), RSS)
    before = watched(deps)[0].facts.last_new_entry
    poll(deps, 1)
    assert watched(deps)[0].facts.last_new_entry == before


def test_a_page_is_no_new_address(site: NewsServer, start_here: Start) -> None:
    """Sites that give up their feeds send them all to the home page."""
    one = f"{site.url}/one"
    poll(start_here(one), 1)
    site.replies["one"] = Reply(status=301, headers=(("Location", "/"),))
    site.replies[""] = Reply(b"<!doctype html><html><title>Home</title><p>Welcome.</p></html>")
    deps = start_here(one)
    assert poll(deps, 4) == [one]
    (feed,) = watched(deps)
    assert assess(feed.facts, now=deps.now()).state is FeedState.FAILING
    assert "HTML page" in feed.facts.last_error_text
    site.replies["one"] = Reply(rss(site.url, "a2"), RSS)
    assert poll(deps, 2) == [one]
    assert watched(deps)[0].facts.failures == 0


def test_a_login_stays_with_its_host_when_the_feed_moves(site: NewsServer, start_here: Start) -> None:
    """Within the host it goes along; to another it goes no more than a redirect would take it there."""
    declared = {"url": f"{site.url}/one", "headers": ["X-Edition: south"]}
    deps = start_here(declared)
    poll(deps, 1)
    move(site, "one", "two")
    assert poll(deps, 4) == [f"{site.url}/two"]
    assert site.headers["two"]["X-Edition"] == "south"
    assert site.asked["one"] == 4
    with serve_news({"three": site.replies["two"]}) as elsewhere:
        site.replies["two"] = Reply(status=301, headers=(("Location", f"{elsewhere.url}/three"),))
        assert poll(deps, 4) == [f"{elsewhere.url}/three"]
        assert "X-Edition" not in elsewhere.headers["three"]
