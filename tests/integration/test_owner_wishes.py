"""Feeds in their owner's hands, on both databases."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import NOW
from worker.storage.db.database import Database
from worker.storage.feeds import crawl_delays, feed_rows, owner_wishes, polls
from worker.storage.feeds.feed_rows import FeedRecord, NewFeed

HOUR, LEASE = timedelta(hours=1), timedelta(seconds=90)
FEEDS = tuple(NewFeed(f"https://{host}.example/feed") for host in ("a", "b"))


def watch(database: Database) -> None:
    with database.transaction() as session:
        feed_rows.add_feeds(session, FEEDS, now=NOW)


def listed(database: Database) -> dict[int, FeedRecord]:
    with database.reading() as session:
        return {feed.id: feed for feed in feed_rows.list_feeds(session)}


def test_a_paused_feed_is_neither_due_nor_claimed_until_it_is_resumed(database: Database) -> None:
    watch(database)
    with database.transaction() as session:
        owner_wishes.pause_feed(session, 1)
    with database.transaction() as session:
        assert feed_rows.due_feeds(session, now=NOW, limit=9) == [2]
        assert polls.claim_feed(session, 1, now=NOW, lease=LEASE) is None
        claimed, alone = polls.claim_feeds(session, [1, 2], now=NOW, lease=LEASE)
        assert ([feed.id for feed in claimed], alone) == ([2], [])
    assert listed(database)[1].facts.paused
    with database.transaction() as session:
        owner_wishes.resume_feed(session, 1, now=NOW + LEASE / 2)
        assert feed_rows.due_feeds(session, now=NOW + LEASE / 2, limit=9) == [1]


def test_polling_now_makes_feeds_due_but_for_paused_ones(database: Database) -> None:
    watch(database)
    sooner = NOW - HOUR
    with database.transaction() as session:
        assert feed_rows.due_feeds(session, now=sooner, limit=9) == []
        assert owner_wishes.poll_now(session, 2, now=sooner) == 1
        assert feed_rows.due_feeds(session, now=sooner, limit=9) == [2]
        owner_wishes.pause_feed(session, 2)
        assert owner_wishes.poll_now(session, now=sooner) == 1
        assert feed_rows.due_feeds(session, now=sooner, limit=9) == [1]


def test_intervals_are_kept_and_told_to_who_polls(database: Database) -> None:
    watch(database)
    with database.transaction() as session:
        owner_wishes.set_bounds(session, 1, shortest=2 * HOUR, longest=None, now=NOW)
        owner_wishes.set_bounds(session, 2, shortest=None, longest=HOUR, now=NOW - 2 * HOUR)
    with database.transaction() as session:
        claimed, _ = polls.claim_feeds(session, [1, 2], now=NOW, lease=LEASE)
        assert [(feed.shortest, feed.longest) for feed in claimed] == [(2 * HOUR, None), (None, HOUR)]
    found = listed(database)
    assert (found[1].facts.shortest, found[2].facts.longest) == (2 * HOUR, HOUR)
    assert (found[1].next_poll_at, found[2].next_poll_at) == (NOW, NOW - HOUR)


def test_a_feed_is_found_by_any_address_that_may_be_meant(database: Database) -> None:
    watch(database)
    with database.reading() as session:
        found = feed_rows.watched_feed(session, ("b.example/feed", FEEDS[1].url, FEEDS[0].url))
        assert found is not None
        assert found.url == FEEDS[1].url
        assert feed_rows.watched_feed(session, ("https://c.example/",)) is None


def test_a_hosts_delay_is_kept_with_all_its_feeds_until_it_has_none(database: Database) -> None:
    watch(database)
    page, delay = "https://a.example/news/1", timedelta(seconds=10)
    with database.transaction() as session:
        feed_rows.add_feeds(session, [NewFeed("https://a.example/other")], now=NOW)
        assert crawl_delays.is_news(session, page, delay)
        crawl_delays.save_delay(session, page, delay)
        assert not crawl_delays.is_news(session, page, delay)
        assert not crawl_delays.is_news(session, "https://b.example/", timedelta())
    assert {feed.url: feed.facts.crawl_delay for feed in listed(database).values()} == {
        "https://a.example/feed": delay, "https://a.example/other": delay, "https://b.example/feed": timedelta(),
    }  # fmt: skip
    with database.transaction() as session:
        crawl_delays.save_delay(session, page, timedelta())
    assert {feed.facts.crawl_delay for feed in listed(database).values()} == {timedelta()}


def test_what_a_server_calls_its_answers_freshness_is_remembered(database: Database) -> None:
    watch(database)
    with database.transaction() as session:
        poll = polls.Poll(at=NOW, outcome="new", next_poll_at=NOW + HOUR, status=200, fresh_for=30 * 24 * HOUR)
        polls.save_poll(session, 1, poll)
    feed = listed(database)[1]
    assert feed.history.fresh_for == feed.facts.fresh_for == 30 * 24 * HOUR
    assert listed(database)[2].history.fresh_for is None
