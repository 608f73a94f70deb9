"""Of many takers one wins, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.conftest import NOW
from worker.storage.articles import article_rows, discoveries
from worker.storage.db.database import Database
from worker.storage.digests import due_times, subscribers
from worker.storage.feeds import feed_rows, polls

LEASE = timedelta(seconds=90)


@pytest.fixture
def article_id(database: Database) -> int:
    with database.transaction() as session:
        found = discoveries.discover(session, None, "Example", [announced("https://news.example/a")], now=NOW)
    return found[0].id


def announced(url: str, **values: object) -> discoveries.NewArticle:
    given = {"entry_id": url, "title": "A title", "body": "Text.", "published": NOW, **values}
    return discoveries.NewArticle(key=url, url=url, **given)  # type: ignore[arg-type]


def test_one_of_eight_threads_gets_the_article(database: Database, article_id: int) -> None:
    def take(_: int) -> bool:
        with database.transaction() as session:
            found = article_rows.claim_article(session, article_id, state="discovered", now=NOW, lease=LEASE)
        return found is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1


def test_a_lease_that_is_over_is_taken_again_and_counted(database: Database, article_id: int) -> None:
    for attempt in range(1, 4):
        now = NOW + attempt * (LEASE + timedelta(seconds=1))
        with database.transaction() as session:
            found = article_rows.claim_article(session, article_id, state="discovered", now=now, lease=LEASE)
            assert found is not None
            assert found.attempts == attempt
            again = article_rows.claim_article(session, article_id, state="discovered", now=now, lease=LEASE)
            assert again is None


def test_a_claim_in_another_state_fails(database: Database, article_id: int) -> None:
    with database.transaction() as session:
        assert article_rows.claim_article(session, article_id, state="fetched", now=NOW, lease=LEASE) is None


def test_an_article_waits_for_its_next_try(database: Database, article_id: int) -> None:
    later = NOW + timedelta(minutes=5)
    with database.transaction() as session:
        assert article_rows.claim_article(session, article_id, state="discovered", now=NOW, lease=LEASE)
        article_rows.save_retry(session, article_id, at=later, reason="timeout")
        assert article_rows.waiting_articles(session, state="discovered", now=NOW, limit=9) == []
        assert article_rows.claim_article(session, article_id, state="discovered", now=NOW, lease=LEASE) is None
        assert article_rows.waiting_articles(session, state="discovered", now=later, limit=9) == [article_id]


def test_a_busy_host_costs_no_attempt(database: Database, article_id: int) -> None:
    with database.transaction() as session:
        assert article_rows.claim_article(session, article_id, state="discovered", now=NOW, lease=LEASE)
        article_rows.postpone(session, article_id, until=NOW)
        found = article_rows.claim_article(session, article_id, state="discovered", now=NOW, lease=LEASE)
    assert found is not None
    assert found.attempts == 1


def test_a_known_article_is_not_new(database: Database, article_id: int) -> None:
    with database.transaction() as session:
        again = announced("https://news.example/a", title="Edited", entry_id="other")
        twice = announced("https://news.example/b")
        found = discoveries.discover(session, None, "Example", [again, twice, twice], now=NOW)
    assert [article.id for article in found] != [article_id]
    assert len(found) == 1


def test_hostile_text_is_stored_without_what_postgres_refuses(database: Database) -> None:
    with database.transaction() as session:
        hostile = announced("https://news.example/\ud800", title="A\x00B \udfff")
        found = discoveries.discover(session, None, "Out\x00let", [hostile], now=NOW)
        record = article_rows.claim_article(session, found[0].id, state="discovered", now=NOW, lease=LEASE)
    assert record is not None
    assert record.entry_title == "AB "
    assert record.outlet == "Outlet"


def test_one_poll_of_a_due_feed_at_a_time(database: Database) -> None:
    with database.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed")], now=NOW)
        (feed_id,) = feed_rows.due_feeds(session, now=NOW, limit=5)
        assert polls.claim_feed(session, feed_id, now=NOW, lease=LEASE) is not None
        assert polls.claim_feed(session, feed_id, now=NOW, lease=LEASE) is None
        assert feed_rows.due_feeds(session, now=NOW, limit=5) == []
        polls.save_poll(session, feed_id, polls.Poll(NOW, "unchanged", NOW + timedelta(hours=1)))
        assert feed_rows.due_feeds(session, now=NOW, limit=5) == []
        assert feed_rows.due_feeds(session, now=NOW + timedelta(hours=1), limit=5) == [feed_id]


def test_of_two_planners_one_moves_the_due_time(database: Database) -> None:
    with database.transaction() as session:
        subscription = subscribers.save_request(session, asked("a@news.example"), now=NOW)
        again = subscribers.save_request(session, asked("A@news.example"), now=NOW)
    assert again == subscription

    def move(_: int) -> bool:
        with database.transaction() as session:
            return due_times.move_due(
                session, due_times.DueMove(subscription, NOW, NOW + timedelta(days=1), NOW, 0, seen_plannings=1)
            )

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(move, range(4))) == 1


def asked(address: str) -> subscribers.SubscriptionRequest:
    return subscribers.SubscriptionRequest(
        address=address, name="", language="en", zone="UTC", topics=("us-mexico-migration",),
        band="balanced", schedule="daily at 07:00", story_limit=25, send_empty=False,
        since=NOW - timedelta(days=1), first_due=NOW,
    )  # fmt: skip
