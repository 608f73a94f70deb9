"""Who is told, about what and when, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models import Delivery, Subscriber
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, asked, subscribe
from worker.storage.db.database import Database
from worker.storage.digests import due_times, outbox, subscribers
from worker.storage.topics import labels
from worker.topics.learning.quality import Label


def test_a_request_is_brought_up_to_date(database: Database) -> None:
    with database.transaction() as session:
        first = subscribe(session, "Reader@news.example", name="R", since=NOW - DAY, first_due=NOW + DAY)
        again = subscribe(
            session, " reader@NEWS.example", name="Reader", language="es", topics=("a", "b"), band="wide",
            story_limit=3, send_empty=True, since=NOW, first_due=NOW + 9 * DAY,
        )  # fmt: skip
        assert first == again
        (found,) = subscribers.list_subscriptions(session)
        assert found == subscribers.find_subscription(session, "READER@news.example")
        assert found == subscribers.read_subscription(session, first)
    person = found.subscriber
    assert (person.address, person.name, person.language) == ("Reader@news.example", "Reader", "es")
    assert (found.topics, found.band, found.story_limit, found.send_empty) == (("a", "b"), "wide", 3, True)
    assert (found.next_due_at, found.window_start) == (NOW + DAY, NOW - DAY), "the schedule is as it was"


def test_a_changed_schedule_or_zone_takes_effect_at_once(database: Database) -> None:
    with database.transaction() as session:
        subscription = subscribe(session, first_due=NOW + DAY)
        for values in ({"schedule": "hourly"}, {"schedule": "hourly", "zone": "America/Mexico_City"}):
            due = NOW + timedelta(hours=len(values))
            subscribe(session, first_due=due, **values)
            found = subscribers.read_subscription(session, subscription)
            assert found is not None
            assert (found.next_due_at, found.window_start) == (due, NOW - DAY), values


def test_who_unsubscribed_stays_unsubscribed(database: Database) -> None:
    with database.transaction() as session:
        subscription = subscribe(session)
        assert due_times.due_subscriptions(session, now=NOW, limit=9) == [subscription]
        assert subscribers.unsubscribe(session, subscription, reason="asked to")
        assert subscribers.unsubscribe(session, subscription, reason="asked to"), "asking twice is no fault"
        assert not subscribers.unsubscribe(session, 999, reason="asked to")
        assert due_times.due_subscriptions(session, now=NOW + DAY, limit=9) == []
        assert not due_times.move_due(session, due_times.DueMove(subscription, NOW, NOW + DAY, NOW, 0, 1))
        assert subscribe(session, schedule="hourly") == subscription
        found = subscribers.read_subscription(session, subscription)
        assert found is not None
        assert (found.active, found.state) == (False, "unsubscribed")
        assert due_times.due_subscriptions(session, now=NOW + DAY, limit=9) == []


def test_the_longest_overdue_comes_first_and_a_pause_is_kept(database: Database) -> None:
    with database.transaction() as session:
        ids = [subscribe(session, f"r{n}@news.example", first_due=NOW - n * DAY) for n in range(4)]
        session.get_one(Subscriber, 2).paused_until = NOW + DAY
        subscribe(session, "later@news.example", first_due=NOW + DAY / 2)
        session.flush()
        assert due_times.due_subscriptions(session, now=NOW, limit=9) == [ids[3], ids[2], ids[0]]
        assert due_times.due_subscriptions(session, now=NOW, limit=1) == [ids[3]]
        assert ids[1] in due_times.due_subscriptions(session, now=NOW + DAY, limit=9)
        subscribers.make_due(session, "LATER@news.example", now=NOW)
        subscribers.make_due(session, "r3@news.example", now=NOW)
        assert len(due_times.due_subscriptions(session, now=NOW, limit=9)) == 4
        overdue = subscribers.find_subscription(session, "r3@news.example")
        assert overdue is not None
        assert overdue.next_due_at == NOW - 3 * DAY, "who is overdue stays so"


def test_a_removed_subscriber_is_forgotten(database: Database) -> None:
    with database.transaction() as session:
        subscription = subscribe(session)
        for address in ("Reader@news.example", "other@news.example"):
            letter = outbox.NewDelivery("email", "from@news.example", address, "<x@news.example>", b"")
            outbox.save_notice(session, "manage", letter, now=NOW)
        assert subscribers.remove_subscriber(session, "READER@news.example")
        assert session.scalars(select(Delivery.recipient)).all() == ["other@news.example"]
        assert not subscribers.remove_subscriber(session, "reader@news.example")
    with database.transaction() as session:
        assert subscribers.find_subscription(session, asked().address) is None
        assert subscribers.read_subscription(session, subscription) is None
        assert subscribers.list_subscriptions(session) == []


def test_who_comes_back_by_themselves_begins_anew(database: Database) -> None:
    with database.transaction() as session:
        subscription = subscribe(session, since=NOW - DAY)
        subscribers.unsubscribe(session, subscription, reason="asked to")
        again = asked(since=NOW + DAY, first_due=NOW + 2 * DAY)
        assert subscribers.save_request(session, again, now=NOW, again=True) == subscription
        found = subscribers.read_subscription(session, subscription)
        assert found is not None
        assert (found.active, found.state, found.window_start) == (True, "active", NOW + DAY)
        assert found.next_due_at == NOW + 2 * DAY


def test_bands_and_a_pause_are_kept(database: Database) -> None:
    with database.transaction() as session:
        subscription = subscribe(session, topics=("a", "b"), bands={"b": "wide"}, paused_until=NOW + DAY)
        found = subscribers.read_subscription(session, subscription)
    assert found is not None
    assert found.band_of == {"a": "balanced", "b": "wide"}
    assert [found.is_served(NOW + hours * DAY / 24) for hours in (0, 23, 24)] == [False, False, True]


def test_what_a_forgotten_reader_said_stays_without_their_address(database: Database) -> None:
    with database.transaction() as session:
        subscribe(session, "reader@news.example")
        article = analyze(session, "https://news.example/a")
        for who, via in (("reader@news.example", "digest"), ("other@news.example", "digest"), ("analyst", "command")):
            labels.save_label(session, TOPIC, article, Label.NO, who=who, via=via, now=NOW)
        assert subscribers.remove_subscriber(session, "reader@news.example")
        said = {given.who for given in labels.labels_of(session, TOPIC)}
    assert len(said) == 3
    assert said > {"other@news.example", "analyst"}
    assert "reader@news.example" not in said
