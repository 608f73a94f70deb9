"""A digest goes into the outbox whole or not at all, and out of it once, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import Delivery, Digest, DigestStory, ToldArticle
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, asked, send, subscribe, tell
from worker.digests import Period
from worker.errors import ConflictError
from worker.storage.db.database import Database
from worker.storage.digests import due_times, outbox, returns, subscribers, told
from worker.storage.digests.outbox import DeliveryResult, SentStory

LEASE = timedelta(minutes=10)


@pytest.fixture
def subscription_id(database: Database) -> int:
    with database.transaction() as session:
        return subscribe(session)


@pytest.fixture
def story(database: Database) -> SentStory:
    with database.transaction() as session:
        article_id = analyze(session, "https://news.example/a")
        return SentStory(tell(session, article_id, "ferry"), 1, TOPIC, (article_id,))


def counts(database: Database) -> tuple[int | None, ...]:
    with database.reading() as session:
        return tuple(session.scalar(select(func.count(table.id))) for table in (Digest, DigestStory, Delivery))


def test_a_window_is_told_once(database: Database, subscription_id: int, story: SentStory) -> None:
    with database.transaction() as session:
        send(session, subscription_id, story)
        other = subscribe(session, "other@news.example")
        send(session, other, story)
        send(session, subscription_id, kind="manual")
    assert counts(database) == (3, 2, 3)
    with pytest.raises(ConflictError), database.transaction() as session:
        send(session, subscription_id)
    assert counts(database) == (3, 2, 3)


def test_who_plans_on_what_is_no_longer_so_writes_nothing(
    database: Database, subscription_id: int, story: SentStory
) -> None:
    with database.transaction() as session:
        due = subscribers.read_subscription(session, subscription_id)
        assert due is not None
        move = due_times.DueMove(subscription_id, due.next_due_at, due.next_due_at, NOW, 7, due.plannings)
        assert due_times.move_due(session, move), "as `digest send` does, which leaves the due time where it is"
        assert not due_times.move_due(session, move._replace(next_due=NOW + DAY)), "another saw the same"
        moved = subscribers.read_subscription(session, subscription_id)
        assert moved is not None
        assert (moved.news_seen, moved.plannings, moved.window_start) == (7, due.plannings + 1, NOW)
        delivery = send(session, subscription_id, story)
        assert returns.give_back(session, delivery, not_before=NOW)
        again = move._replace(seen_plannings=moved.plannings)
        assert not due_times.move_due(session, again), "what it takes for told has come back"


def test_what_a_digest_told_comes_back_and_can_be_taken_back(
    database: Database, subscription_id: int, story: SentStory
) -> None:
    (article_id,) = story.article_ids
    with database.transaction() as session:
        delivery = send(session, subscription_id, story, end=NOW - DAY)
        assert told.read_told(session, [subscription_id], [article_id]) == {subscription_id: {article_id: 1}}
        outbox.save_outcome(session, delivery, DeliveryResult("dead", "554 no"), now=NOW)
        assert returns.give_back(session, delivery, not_before=NOW + DAY)
        assert told.read_told(session, [subscription_id], [article_id]) == {}
        reader = subscribers.read_subscription(session, subscription_id)
        assert reader is not None
        assert (reader.window_start, reader.next_due_at, reader.news_seen) == (NOW - 2 * DAY, NOW + DAY, 0)
        assert returns.take_back(session, delivery)
        assert told.read_told(session, [subscription_id], [article_id]) == {subscription_id: {article_id: 1}}
        assert returns.give_back(session, delivery, not_before=NOW)
        send(session, subscription_id, story, end=NOW)
        assert not returns.take_back(session, delivery), "the next digest has told it"


def test_a_story_that_is_refused_again_and_again_stays_behind_and_keeps_no_other_back(
    database: Database, subscription_id: int, story: SentStory
) -> None:
    (article_id,) = story.article_ids
    with database.transaction() as session:
        left = []
        for day, refused in enumerate((False, True, True, True)):
            delivery = send(session, subscription_id, story, end=NOW + day * DAY)
            outbox.save_outcome(session, delivery, DeliveryResult("dead", "no", refused=refused), now=NOW)
            assert returns.give_back(session, delivery, not_before=NOW, refusals=3 if refused else None)
            left.append(article_id in told.read_told(session, [subscription_id], [article_id]).get(subscription_id, {}))
        assert left == [False, False, False, True], "an outage says nothing of what a digest told"


def test_who_left_before_a_digest_went_out_was_told_nothing(
    database: Database, subscription_id: int, story: SentStory
) -> None:
    (article_id,) = story.article_ids
    with database.transaction() as session:
        send(session, subscription_id, story)
        assert told.read_told(session, [subscription_id], [article_id])
        assert subscribers.unsubscribe(session, subscription_id, reason="asked to")
        assert not told.read_told(session, [subscription_id], [article_id])


def test_deaths_are_counted_since_the_last_digest_that_was_sent(database: Database, subscription_id: int) -> None:
    with database.transaction() as session:
        counts = []
        for day, (state, reason) in enumerate(
            [("dead", "554"), ("sent", ""), ("dead", "554"), ("dead", "paused"), ("dead", "554")]
        ):
            delivery = send(session, subscription_id, end=NOW + day * DAY)
            outbox.save_outcome(session, delivery, DeliveryResult(state, reason), now=NOW)
            counts.append(returns.deaths_in_a_row(session, delivery))
        assert counts == [1, 0, 1, 1, 2]
        notice = outbox.NewDelivery("email", "f@news.example", "to@news.example", "<n@x>", b"x")
        single = outbox.save_notice(session, "confirmation", notice, now=NOW)
        assert returns.deaths_in_a_row(session, single) == 0
        assert not returns.give_back(session, single, not_before=NOW)


def test_a_pause_stops_what_is_in_the_outbox(database: Database, subscription_id: int, story: SentStory) -> None:
    with database.transaction() as session:
        waiting, doubtful = (send(session, subscription_id, story, end=NOW + n * DAY) for n in range(2))
        assert outbox.claim_delivery(session, doubtful, now=NOW, lease=LEASE), "and its worker dies with it"
        subscribers.save_request(session, asked(paused_until=NOW + 9 * DAY), now=NOW)
        later = NOW + 2 * LEASE
        for one in (waiting, doubtful):
            assert outbox.claim_delivery(session, one, now=later, lease=LEASE) is None
        rows = [session.get_one(Delivery, one, populate_existing=True) for one in (waiting, doubtful)]
        assert [(row.state, row.reason, row.next_try_at) for row in rows] == [
            ("dead", "paused", None), ("sending", None, NOW + 9 * DAY),
        ]  # fmt: skip
        assert rows[1].attempts == 1, "which uses up no try"
        again = outbox.claim_delivery(session, doubtful, now=NOW + 9 * DAY, lease=LEASE)
        assert again is not None
        returned = session.execute(select(ToldArticle.digest_id, ToldArticle.returned).order_by(ToldArticle.digest_id))
        assert [one for _, one in returned] == [True, False], "what may have arrived is not told again"


def test_a_try_that_is_not_counted_uses_none_up(database: Database, subscription_id: int) -> None:
    with database.transaction() as session:
        delivery = send(session, subscription_id)
        for _ in range(3):
            claimed = outbox.claim_delivery(session, delivery, now=NOW, lease=LEASE)
            assert claimed is not None
            assert claimed.attempts == 1
            result = DeliveryResult("pending", "535 no", next_try=NOW, counted=False)
            outbox.save_outcome(session, delivery, result, now=NOW)


def test_frozen_bytes_are_claimed_by_one_and_tried_again(database: Database, subscription_id: int) -> None:
    with database.transaction() as session:
        delivery = send(session, subscription_id)
        assert outbox.waiting_deliveries(session, now=NOW, limit=9) == [delivery]
        first = outbox.claim_delivery(session, delivery, now=NOW, lease=LEASE)
        assert first is not None
        assert (first.message, first.was, first.attempts) == (b"Subject: x\r\n\r\n\x00", "pending", 1)
        assert outbox.claim_delivery(session, delivery, now=NOW, lease=LEASE) is None
        assert outbox.waiting_deliveries(session, now=NOW, limit=9) == []
        again = outbox.claim_delivery(session, delivery, now=NOW + LEASE, lease=LEASE)
        assert again is not None
        assert (again.was, again.message) == ("sending", first.message), "its worker died with it"
        later = NOW + 2 * LEASE
        outbox.save_outcome(session, delivery, DeliveryResult("pending", "451 later", next_try=later), now=NOW)
        assert outbox.waiting_deliveries(session, now=NOW + LEASE, limit=9) == []
        assert outbox.claim_delivery(session, delivery, now=NOW + LEASE, lease=LEASE) is None
        assert outbox.waiting_deliveries(session, now=later, limit=9) == [delivery]


def test_an_unknown_fate_waits_and_an_end_is_an_end(database: Database, subscription_id: int) -> None:
    with database.transaction() as session:
        for day, (state, reason) in enumerate([("sent", None), ("dead", "550 no such user")]):
            delivery = send(session, subscription_id, end=NOW + day * DAY)
            assert outbox.claim_delivery(session, delivery, now=NOW, lease=LEASE)
            unknown = DeliveryResult("unknown", "silence after the final dot", next_try=NOW + LEASE)
            outbox.save_outcome(session, delivery, unknown, now=NOW)
            claimed = outbox.claim_delivery(session, delivery, now=NOW + LEASE, lease=LEASE)
            assert claimed is not None
            assert claimed.was == "unknown"
            outbox.save_outcome(session, delivery, DeliveryResult(state, reason), now=NOW + LEASE)
            assert outbox.claim_delivery(session, delivery, now=NOW + 9 * DAY, lease=LEASE) is None
            row = session.get_one(Delivery, delivery, populate_existing=True)
            assert (row.state, row.reason, row.finished_at) == (state, reason, NOW + LEASE)
        assert outbox.waiting_deliveries(session, now=NOW + 9 * DAY, limit=9) == []
        assert outbox.claim_delivery(session, 999, now=NOW, lease=LEASE) is None


def test_the_archive_is_what_was_sent(database: Database, subscription_id: int) -> None:
    with database.transaction() as session:
        send(session, subscription_id, html="<p>Migración ☂</p>")
        assert outbox.read_archived_digest(session, subscription_id, "scheduled", NOW) == "<p>Migración ☂</p>"
        assert outbox.read_archived_digest(session, subscription_id, "manual", NOW) is None
        assert outbox.read_archived_digest(session, subscription_id + 1, "scheduled", NOW) is None
        assert outbox.read_archived_digest(session, subscription_id, "scheduled", NOW + DAY) is None
    with database.transaction() as session:
        assert subscribers.remove_subscriber(session, "reader@news.example")
        assert outbox.read_archived_digest(session, subscription_id, "scheduled", NOW) is None
    assert counts(database) == (0, 0, 0)


def test_single_mails_and_further_pages(database: Database, subscription_id: int) -> None:
    with database.transaction() as session:
        notice = outbox.NewDelivery("email", "f@news.example", "to@news.example", "<n@x>", b"Subject: n\r\n\r\n")
        first, second = (outbox.save_notice(session, "confirmation", notice, now=NOW) for _ in range(2))
        delivery = outbox.NewDelivery("email", "f@news.example", "to@news.example", "<d@x>", b"x")
        outbox.save_digest(
            session, subscription_id, "scheduled", Period(NOW - DAY, NOW), html="one", more=("two", "three"),
            stories=(), delivery=delivery, now=NOW,
        )  # fmt: skip
        assert first != second
        claimed = outbox.claim_delivery(session, first, now=NOW, lease=LEASE)
        assert claimed is not None
        assert claimed.message == notice.message
    with database.reading() as session:
        pages = [
            outbox.read_archived_digest(session, subscription_id, "scheduled", NOW, number)
            for number in (1, 2, 3, 4, 0)
        ]
    assert pages == ["one", "two", "three", None, None]
    with database.transaction() as session:
        assert subscribers.remove_subscriber(session, "reader@news.example"), "its digests and their pages go with it"
