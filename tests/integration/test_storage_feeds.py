"""What is remembered of a feed from poll to poll, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import FeedPoll
from tests.conftest import NOW
from worker.feeds import FeedEntry, FeedState, ParsedFeed, PollHints, assess
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows, polls
from worker.storage.feeds.feed_rows import FeedRecord, NewFeed
from worker.storage.feeds.polls import Poll

URL = "https://news.example/feed"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def feed_id(database: Database) -> int:
    with database.transaction() as session:
        assert feed_rows.add_feeds(session, [NewFeed(URL, outlet="Example")], now=NOW) == 1
        return feed_rows.list_feeds(session)[0].id


def failed(after: timedelta, *, code: str = "timeout", reason: str = "no answer", gone: bool = False) -> Poll:
    return Poll(NOW + after, "failed", NOW + after + HOUR, code=code, reason=reason, gone=gone)


def answered(after: timedelta, outcome: str = "unchanged", *, body: str = "a", moved_to: str | None = None) -> Poll:
    return Poll(
        NOW + after, outcome, NOW + after + HOUR, status=200, elapsed=timedelta(seconds=0.25), size=9, etag='"e"',
        last_modified="Mon", body_hash=body, moved_to=moved_to,
    )  # fmt: skip


def poll(database: Database, feed_id: int, *outcomes: Poll) -> FeedRecord:
    with database.transaction() as session:
        for one in outcomes:
            polls.save_poll(session, feed_id, one)
        session.flush()
        return feed_rows.read_feed_record(session, feed_id)


def read(database: Database, feed_id: int, after: timedelta, parsed: ParsedFeed | None, *, new: int = 0) -> FeedRecord:
    """Save what reading the last document came to; None for a document that is no feed."""
    now = NOW + after
    with database.transaction() as session:
        if parsed is None:
            feed_rows.save_unreadable(
                session, feed_id, code="not_a_feed", reason="this is no feed", next_poll_at=now + 2 * HOUR
            )
        else:
            feed_rows.save_reading(session, feed_id, parsed, new_entries=new, next_poll_at=now + HOUR, now=now)
        session.flush()
        return feed_rows.read_feed_record(session, feed_id)


EMPTY = ParsedFeed("Its title", "https://news.example/", ())


def test_a_known_feed_is_not_added_again_and_a_removed_one_only_by_a_person(database: Database, feed_id: int) -> None:
    new = [NewFeed(URL, title="Other"), NewFeed("https://b.example/feed"), NewFeed("https://b.example/feed")]
    with database.transaction() as session:
        assert feed_rows.add_feeds(session, new, now=NOW) == 1
        assert [feed.name for feed in feed_rows.list_feeds(session)] == ["https://b.example/feed", "Example"]
        assert feed_rows.remove_feed(session, URL)
        assert not feed_rows.remove_feed(session, URL)
        assert not feed_rows.remove_feed(session, "https://unknown.example/")
        assert feed_id not in feed_rows.due_feeds(session, now=NOW, limit=9)
        assert polls.claim_feed(session, feed_id, now=NOW, lease=HOUR) is None
        assert feed_rows.add_feeds(session, [NewFeed(URL)], now=NOW, wake=False) == 0
        assert len(feed_rows.list_feeds(session)) == 1, "what a configuration declares does not bring it back"
        assert feed_rows.add_feeds(session, [NewFeed(URL)], now=NOW + DAY) == 0
        assert feed_rows.due_feeds(session, now=NOW + DAY, limit=9)[-1] == feed_id


def test_polls_are_counted_recorded_and_pruned(database: Database, feed_id: int) -> None:
    feed = poll(database, feed_id, failed(HOUR), failed(2 * HOUR, reason="still none"))
    assert (feed.history.failures, feed.facts.last_error_text, feed.facts.last_success) == (2, "still none", None)
    feed = poll(database, feed_id, answered(3 * HOUR))
    assert (feed.history.failures, feed.facts.last_error_reason) == (0, "")
    assert (feed.facts.last_success, feed.etag, feed.body_hash) == (NOW + 3 * HOUR, '"e"', "a")
    with database.transaction() as session:
        row = session.scalars(select(FeedPoll).order_by(FeedPoll.id.desc())).first()
        assert row is not None
        assert (row.outcome, row.status, row.milliseconds, row.size) == ("unchanged", 200, 250, 9)
        assert polls.prune_polls(session, before=NOW + 3 * HOUR) == 2
        assert session.scalar(select(func.count(FeedPoll.id))) == 1


def test_a_new_document_is_a_success_once_it_was_read(database: Database, feed_id: int) -> None:
    feed = poll(database, feed_id, failed(HOUR), answered(2 * HOUR, "new"))
    assert (feed.history.failures, feed.facts.last_success) == (1, None)
    feed = read(database, feed_id, 2 * HOUR, EMPTY, new=3)
    assert (feed.history.failures, feed.facts.last_success) == (0, NOW + 2 * HOUR)
    assert (feed.title, feed.site, feed.facts.last_new_entry) == ("Its title", EMPTY.link, NOW + 2 * HOUR)
    feed = read(database, feed_id, 3 * HOUR, ParsedFeed("Renamed", "", ()))
    assert (feed.title, feed.facts.last_new_entry) == ("Its title", NOW + 2 * HOUR)


def test_a_feed_that_serves_no_feed_comes_to_be_failing(database: Database, feed_id: int) -> None:
    poll(database, feed_id, answered(HOUR, "new"))
    feed = read(database, feed_id, HOUR, None)
    assert assess(feed.facts, now=NOW + HOUR).reason == "its first poll failed: this is no feed"
    feed = poll(database, feed_id, answered(2 * HOUR), answered(3 * HOUR))
    health = assess(feed.facts, now=NOW + 3 * HOUR)
    assert health.state is FeedState.FAILING, "the same bytes are not read again, and are no better"
    assert "3 polls in a row failed" in health.reason
    assert "this is no feed" in health.reason
    poll(database, feed_id, answered(4 * HOUR, "new", body="b"))
    assert read(database, feed_id, 4 * HOUR, EMPTY).history.failures == 0


def test_after_other_trouble_unreadable_bytes_are_read_again(database: Database, feed_id: int) -> None:
    poll(database, feed_id, answered(HOUR, "new"))
    read(database, feed_id, HOUR, None)
    feed = poll(database, feed_id, failed(2 * HOUR))
    assert (feed.body_hash, feed.etag, feed.last_modified) == (None, None, None)
    assert feed.facts.last_error_reason == "timeout"


def test_a_move_is_believed_after_three_sightings_over_a_day(database: Database, feed_id: int) -> None:
    new = "https://moved.example/feed"
    sightings = [answered(after, moved_to=new) for after in (HOUR, 2 * HOUR, 3 * HOUR, 24 * HOUR)]
    assert poll(database, feed_id, *sightings).url == URL, "four sightings, but not over a day"
    feed = poll(database, feed_id, answered(25 * HOUR, moved_to=new))
    assert feed.url == new
    with database.transaction() as session:
        assert feed_rows.add_feeds(session, [NewFeed(new)], now=NOW) == 0
    assert poll(database, feed_id, answered(26 * HOUR)).facts.moved_to is None


def test_two_sightings_or_a_change_of_mind_move_nothing(database: Database, feed_id: int) -> None:
    a, b = "https://a.example/feed", "https://b.example/feed"
    assert poll(database, feed_id, answered(HOUR, moved_to=a), answered(50 * HOUR, moved_to=a)).url == URL
    feed = poll(database, feed_id, answered(60 * HOUR, moved_to=b), answered(90 * HOUR, moved_to=a))
    assert (feed.url, feed.facts.moved_to) == (URL, a)
    assert assess(feed.facts, now=NOW + 90 * HOUR).state is FeedState.MOVED
    assert poll(database, feed_id, answered(91 * HOUR)).facts.moved_to is None


def test_a_feed_does_not_move_onto_another(database: Database, feed_id: int) -> None:
    taken = "https://b.example/feed"
    with database.transaction() as session:
        feed_rows.add_feeds(session, [NewFeed(taken)], now=NOW)
    feed = poll(database, feed_id, *(answered(day * DAY, moved_to=taken) for day in range(1, 5)))
    assert (feed.url, feed.facts.moved_to) == (URL, taken)


def test_gone_is_believed_after_a_day_and_taken_back(database: Database, feed_id: int) -> None:
    gone = {"code": "gone", "reason": "410", "gone": True}
    assert not poll(database, feed_id, failed(HOUR, **gone), failed(23 * HOUR, **gone)).facts.gone
    assert not poll(database, feed_id, failed(24 * HOUR), failed(26 * HOUR, **gone)).facts.gone, "a pause starts anew"
    feed = poll(database, feed_id, failed(50 * HOUR, **gone))
    assert assess(feed.facts, now=NOW + 50 * HOUR).state is FeedState.GONE
    with database.transaction() as session:
        assert feed_rows.due_feeds(session, now=NOW + 60 * HOUR, limit=9) == [feed_id], "polled on: it may come back"
        feed_rows.remove_feed(session, URL)
        feed_rows.add_feeds(session, [NewFeed(URL)], now=NOW + 60 * HOUR)
    assert not poll(database, feed_id, failed(61 * HOUR, **gone)).facts.gone
    assert not poll(database, feed_id, failed(90 * HOUR, **gone), answered(91 * HOUR)).facts.gone


@pytest.mark.parametrize(
    "hints",
    [PollHints(), PollHints(timedelta(minutes=90), timedelta(hours=6), frozenset({0, 23}), frozenset({5, 6}))],
)
def test_hints_and_times_come_back_as_they_were(database: Database, feed_id: int, hints: PollHints) -> None:
    entries = tuple(FeedEntry("", "", str(number), published=NOW - number * HOUR) for number in (*range(60), 3, -5))
    feed = read(database, feed_id, timedelta(), ParsedFeed("", "", entries, "en", hints=hints, truncated=True))
    assert feed.history.hints == hints
    assert feed.history.entry_times == tuple(NOW - number * HOUR for number in range(50)), "newest 50, none to come"
    assert (feed.language, feed.facts.truncated, feed.last_read_at) == ("en", True, NOW)
