"""Polls claimed and marked several at once, on both databases."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from models import Feed, FeedClaim, FeedPoll
from tests.conftest import NOW
from worker.feeds import FeedEntry, FeedState, Pace, ParsedFeed, PollHints, PollOutcome, assess, next_poll_at
from worker.storage.db import migrations
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows, polls
from worker.storage.feeds.feed_rows import NewFeed
from worker.storage.feeds.polls import ClaimedFeed, Poll

LEASE, HOUR = timedelta(seconds=90), timedelta(hours=1)


def add(database: Database, *urls: str) -> list[int]:
    """Add feeds that are due one second apart; return their ids in that order."""
    with database.transaction() as session:
        for place, url in enumerate(urls):
            feed_rows.add_feeds(session, [NewFeed(url)], now=NOW - HOUR + timedelta(seconds=place))
        return list(session.scalars(select(Feed.id).order_by(Feed.next_poll_at)))


def claim(database: Database, ids: list[int], *, after: timedelta = timedelta()) -> list[ClaimedFeed]:
    with database.transaction() as session:
        claimed, alone = polls.claim_feeds(session, ids, now=NOW + after, lease=LEASE)
        assert alone == []
        return claimed


def claims(session: Session) -> dict[int, tuple[datetime, int]]:
    """Return of each claim until when it holds, and how many polls have not ended."""
    rows = session.execute(select(FeedClaim.feed_id, FeedClaim.lease_until, FeedClaim.attempts)).all()
    return {feed_id: (until, attempts) for feed_id, until, attempts in rows}


def wait_for_a_lock(database: Database) -> None:
    """Return once somebody waits for what another transaction holds."""
    for _ in range(500):
        with database.reading() as session:
            if session.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")):
                return
        time.sleep(0.01)
    pytest.fail("nobody waits")


def unchanged(feed: ClaimedFeed) -> tuple[ClaimedFeed, Poll]:
    return feed, Poll(NOW, "unchanged", NOW + HOUR, etag=feed.etag, last_modified=feed.last_modified)


def test_several_are_claimed_in_the_given_order_and_only_once(database: Database) -> None:
    ids = add(database, *(f"https://n{number}.example/" for number in range(5)))
    asked = [ids[3], ids[0], ids[4]]
    claimed = claim(database, asked)
    assert [feed.id for feed in claimed] == asked
    assert {(feed.lease_until, feed.in_order) for feed in claimed} == {(NOW + LEASE, True)}
    assert [feed.id for feed in claim(database, ids)] == [ids[1], ids[2]]
    with database.reading() as session:
        assert feed_rows.due_feeds(session, now=NOW, limit=9) == []


def test_of_many_workers_each_feed_has_one(database: Database) -> None:
    ids = add(database, *(f"https://n{number}.example/" for number in range(60)))
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda turn: claim(database, ids[:: (-1) ** turn]), range(8)))
    assert sorted(feed.id for claimed in taken for feed in claimed) == sorted(ids)


def test_an_unchanged_poll_is_one_small_change_to_its_feed(database: Database) -> None:
    first, second = claim(database, add(database, "https://a.example/", "https://b.example/"))
    with database.transaction() as session:
        assert polls.changes_nothing(*unchanged(first))
        polls.save_unchanged(session, [unchanged(second), unchanged(first)])
        rows = session.execute(select(Feed.next_poll_at, Feed.last_success_at)).all()
        assert {tuple(row) for row in rows} == {(NOW + HOUR, NOW)}
        assert claims(session) == {}
        assert session.scalar(select(func.count(FeedPoll.id))) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "new"}, {"outcome": "failed"}, {"moved_to": "https://c.example/"}, {"etag": '"2"'},
        {"last_modified": "Mon"},
    ],
)  # fmt: skip
def test_a_poll_that_says_more_is_no_small_change(sqlite: Database, change: dict[str, str]) -> None:
    (feed,) = claim(sqlite, add(sqlite, "https://a.example/"))
    poll = unchanged(feed)[1]
    assert not polls.changes_nothing(feed, replace(poll, **change))
    assert not polls.changes_nothing(replace(feed, in_order=False), poll)


def test_who_has_lost_the_lease_changes_nothing(database: Database) -> None:
    ids = add(database, "https://a.example/", "https://b.example/", "https://c.example/")
    slow = claim(database, ids)
    (taken_over,) = claim(database, ids[:1], after=2 * LEASE)
    with database.transaction() as session:
        polls.save_unchanged(session, [unchanged(slow[0]), unchanged(slow[1])])
        polls.postpone_polls(session, [(slow[0], NOW), (slow[2], NOW + HOUR)])
        assert claims(session) == {ids[0]: (taken_over.lease_until, 2)}
        due = dict(session.execute(select(Feed.id, Feed.next_poll_at)).all())
        assert due == {ids[0]: NOW + 2 * LEASE + 2 * LEASE, ids[1]: NOW + HOUR, ids[2]: NOW + HOUR}


def test_a_poll_put_off_is_no_poll(database: Database) -> None:
    (feed,) = claim(database, add(database, "https://a.example/"))
    with database.transaction() as session:
        polls.postpone_polls(session, [(feed, NOW + HOUR)])
        row = session.get_one(Feed, feed.id)
        assert (row.next_poll_at, row.last_success_at, claims(session)) == (NOW + HOUR, None, {})
    with database.reading() as session:
        assert feed_rows.due_feeds(session, now=NOW + HOUR, limit=1) == [feed.id]


def test_a_feed_whose_poll_broke_off_is_polled_alone(database: Database) -> None:
    """It may be what killed the process, and would take the others with it."""
    ids = add(database, "https://a.example/", "https://b.example/")
    claim(database, ids[:1])
    with database.transaction() as session:
        claimed, alone = polls.claim_feeds(session, ids, now=NOW + LEASE, lease=LEASE)
        assert ([feed.id for feed in claimed], alone) == ([ids[1]], [ids[0]])
    (feed,) = claim(database, ids[:1], after=LEASE)
    assert not feed.in_order
    with database.reading() as session:
        facts = feed_rows.read_feed_record(session, ids[0]).facts
        assert (facts.failures, facts.last_error_text) == (1, "its poll broke off once: a process died")


def test_a_poll_that_broke_off_counts_once_however_often_the_next_is_put_off(database: Database) -> None:
    ids = add(database, "https://a.example/")
    claim(database, ids)
    for turn in range(4):
        (feed,) = claim(database, ids, after=LEASE + turn * HOUR)
        with database.transaction() as session:
            polls.postpone_polls(session, [(feed, NOW + (turn + 1) * HOUR)])
            assert feed_rows.read_feed_record(session, ids[0]).facts.failures == 1
    claim(database, ids, after=5 * HOUR)
    claim(database, ids, after=6 * HOUR)
    with database.reading() as session:
        facts = feed_rows.read_feed_record(session, ids[0]).facts
        assert (facts.failures, facts.last_error_text) == (2, "its poll broke off 2 times: a process died")


def test_a_feed_whose_polls_never_end_is_failing_and_one_that_ends_sets_it_right(database: Database) -> None:
    """Also a poll that brings nothing new: what it served before was read."""
    (feed_id,) = add(database, "https://a.example/")
    for days in range(4):
        (feed,) = claim(database, [feed_id], after=days * 24 * HOUR)
    with database.transaction() as session:
        health = assess(feed_rows.read_feed_record(session, feed_id).facts, now=NOW + 72 * HOUR)
        assert (health.state, health.persistent) == (FeedState.FAILING, True)
        assert health.reason == "3 polls in a row failed, for 3 days: its poll broke off 3 times: a process died"
        polls.save_poll(session, feed_id, replace(unchanged(feed)[1], at=NOW + 73 * HOUR))
        facts = feed_rows.read_feed_record(session, feed_id).facts
        assert (facts.failures, facts.last_error_text, facts.last_success) == (0, "", NOW + 73 * HOUR)


def test_a_poll_that_broke_off_is_remembered_when_the_next_is_put_off(database: Database) -> None:
    ids = add(database, "https://a.example/", "https://b.example/")
    claim(database, ids[:1])
    (again,) = claim(database, ids[:1], after=LEASE)
    with database.transaction() as session:
        polls.postpone_polls(session, [(again, NOW + LEASE)])
        assert [attempts for _, attempts in claims(session).values()] == [1]
    with database.transaction() as session:
        assert feed_rows.due_feeds(session, now=NOW + LEASE, limit=9) == ids[::-1]
        _, alone = polls.claim_feeds(session, ids, now=NOW + LEASE, lease=LEASE)
        assert alone == ids[:1]


def test_who_comes_when_the_poll_has_just_ended_finds_nothing_due(postgres_url: str) -> None:
    """A worker that looked before the claim of another, and waits for the end of its poll, polls no second time."""
    database = Database(postgres_url)
    migrations.upgrade(database)
    ids = add(database, "https://a.example/", "https://b.example/")
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            polled = polls.claim_feeds(session, ids, now=NOW, lease=LEASE)[0]
            late = pool.submit(claim, database, ids[::-1])
            wait_for_a_lock(database)
            polls.save_unchanged(session, [unchanged(feed) for feed in polled])
        assert late.result(timeout=5) == []
    with database.reading() as session:
        assert claims(session) == {}
    database.close()


def test_no_host_keeps_the_others_waiting(database: Database) -> None:
    crowd = [f"https://crowd.example/{number}" for number in range(6)]
    ids = add(database, *crowd, "https://one.example/", "https://two.example/", "https://two.example/b")
    with database.reading() as session:
        assert feed_rows.due_feeds(session, now=NOW, limit=9) == [*ids[:6], ids[6], ids[7], ids[8]]
        assert feed_rows.due_feeds(session, now=NOW, limit=3) == [ids[0], ids[6], ids[7]]
        assert feed_rows.due_feeds(session, now=NOW, limit=4) == [ids[0], ids[1], ids[6], ids[7]]
        assert feed_rows.due_feeds(session, now=NOW, limit=9, of_one_host=2) == [*ids[:2], *ids[6:]]


def test_the_pace_of_a_feed_stands_for_its_entries(database: Database) -> None:
    """What is due next is the same by the pace that is kept as by the times themselves."""
    (feed_id,) = add(database, "https://a.example/")
    entries = tuple(
        FeedEntry("", "", str(hours), published=NOW - timedelta(hours=hours)) for hours in (1, 2, 2.01, 5, 90, 700)
    )
    parsed = ParsedFeed("", "", entries, hints=PollHints(ttl=timedelta(minutes=7)))
    with database.transaction() as session:
        feed_rows.save_reading(session, feed_id, parsed, new_entries=6, next_poll_at=NOW, now=NOW)
        times = feed_rows.read_feed_record(session, feed_id).history.entry_times
    (feed,) = claim(database, [feed_id])
    assert feed.history.entry_times == ()
    assert feed.history.pace == Pace(((5, NOW - timedelta(hours=700)),))
    known = replace(feed.history, entry_times=times, pace=None)
    later, outcome = NOW + HOUR, PollOutcome("unchanged")
    by_pace = next_poll_at(feed.history, outcome, now=later, jitter=0)
    assert by_pace == next_poll_at(known, outcome, now=later, jitter=0)
    with database.transaction() as session:
        polls.postpone_polls(session, [(feed, NOW)])
        session.execute(update(Feed).values(pace=None))
    (old,) = claim(database, [feed_id])
    assert old.history == known, "one that was last read before there was a pace"
