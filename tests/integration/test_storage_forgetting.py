"""People who are to be forgotten, on both databases: no table knows them any more."""

from __future__ import annotations

import pytest
from sqlalchemy import String, cast, func, select, update
from sqlalchemy.orm import Session

from models import Base, Delivery, Digest, ForgottenPerson, MailHost, Subscriber, ToldArticle
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, asked, send, subscribe, tell
from worker.storage.db import used_links
from worker.storage.db.database import Database
from worker.storage.db.hashes import keyed_hash
from worker.storage.digests import forgetting, mail_hosts, outbox, subscribers
from worker.storage.digests.mail_hosts import MailHostRecord
from worker.storage.digests.outbox import DeliveryResult, SentStory
from worker.storage.topics import labels
from worker.topics.learning.quality import Label

ADDRESS = "Reader_1@news.example"


def key_of(address: str) -> str:
    return keyed_hash(address.strip().casefold(), "a secret of sixteen letters")


def mentions(session: Session, words: str) -> list[str]:
    """Every column of every table that says them."""
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if session.scalar(
            select(func.count()).select_from(table).where(cast(column, String).icontains(words, autoescape=True))
        )
    ]  # fmt: skip


def live_through(session: Session) -> int:
    """Everything that there may be of a reader; return the id of a delivery to them."""
    subscription_id = subscribe(session, ADDRESS, name="Rosa Reader")
    article_id = analyze(session, "https://news.example/a")
    story = SentStory(tell(session, article_id, "ferry"), 1, TOPIC, (article_id,))
    delivery_id = send(session, subscription_id, story)
    session.execute(update(Delivery).values(recipient=ADDRESS, message=b"To: Rosa Reader"))
    outbox.save_outcome(session, delivery_id, DeliveryResult("sent"), now=NOW)
    letter = outbox.NewDelivery("email", "from@news.example", ADDRESS.lower(), "<x@news.example>", b"x")
    outbox.save_notice(session, "manage", letter, now=NOW)
    for via in ("digest", "command"):
        labels.save_label(session, f"t-{via}", article_id, Label.NO, who=ADDRESS, via=via, now=NOW)
    refused = f"550 5.1.1 <{ADDRESS}>: no such user"
    mail_hosts.save_mail_host(session, MailHostRecord("mx.example:587", 3, NOW, refused))
    session.flush()
    return delivery_id


def test_nothing_of_a_forgotten_person_is_left_in_any_table(database: Database) -> None:
    with database.transaction() as session:
        delivery_id = live_through(session)
        assert len(mentions(session, ADDRESS)) == 4
        assert forgetting.forget_person(session, f" {ADDRESS.upper()}", key_of, now=NOW)
        session.expire_all()
        for words in (ADDRESS, "Rosa", "550 5.1.1"):
            assert mentions(session, words) == [], words
        sent = session.get_one(Delivery, delivery_id)
        assert (sent.state, sent.finished_at, sent.digest_id, sent.message) == ("sent", NOW, None, b"")
        assert sent.recipient == f"forgotten {key_of(ADDRESS)[:16]}", "what was sent stays counted"
        assert [one.state for one in session.scalars(select(Delivery).order_by(Delivery.id))] == ["sent", "dead"]
        assert [len(session.scalars(select(each)).all()) for each in (Digest, ToldArticle, Subscriber)] == [0, 0, 0]
        assert len(labels.labels_of(session, "t-digest")) == 1, "what they said has shaped the topic"
        assert session.scalar(select(MailHost.failures)) == 3
        assert outbox.waiting_deliveries(session, now=NOW + DAY, limit=9) == []
        assert not forgetting.forget_person(session, ADDRESS, key_of, now=NOW), "there is nothing more of them"


def test_a_mail_that_is_on_its_way_ends_as_it_ends(database: Database) -> None:
    with database.transaction() as session:
        delivery_id = send(session, subscribe(session, "to@news.example"))
        claimed = outbox.claim_delivery(session, delivery_id, now=NOW, lease=DAY)
        assert claimed is not None
        forgetting.forget_person(session, "to@news.example", key_of, now=NOW)
        assert not outbox.is_held(session, claimed), "and who sends it writes nothing"
        outbox.save_outcome(session, delivery_id, DeliveryResult("sent"), now=NOW)
        assert mentions(session, "to@news.example") == []


def test_others_are_not_forgotten_with_them(database: Database) -> None:
    with database.transaction() as session:
        live_through(session)
        subscribe(session, "reader-1@news.example")
        forgetting.forget_person(session, "reader_1@news.example", key_of, now=NOW)
        assert [one.subscriber.address for one in subscribers.list_subscriptions(session)] == ["reader-1@news.example"]
        assert forgetting.is_forgotten(session, key_of(ADDRESS))
        assert not forgetting.is_forgotten(session, key_of("reader-1@news.example"))
        forgetting.welcome_back(session, key_of(ADDRESS))
        assert not forgetting.is_forgotten(session, key_of(ADDRESS))


def test_who_unsubscribed_is_forgotten_after_their_time(database: Database) -> None:
    with database.transaction() as session:
        gone, back, stays = (subscribe(session, f"{name}@news.example") for name in ("gone", "back", "stays"))
        for one in (gone, back):
            subscribers.unsubscribe(session, one, reason="asked to")

        def forget(days: int) -> int:
            now = NOW + days * DAY
            session.flush()
            return forgetting.forget_ended(session, key_of, before=now - 30 * DAY, now=now, limit=9)

        assert forget(0) == 0, "from now on it counts"
        subscribers.save_request(session, asked("back@news.example"), now=NOW, again=True)
        assert forget(29) == 0
        assert forget(31) == 1
        left = [one.subscriber.address for one in subscribers.list_subscriptions(session)]
        assert left == ["back@news.example", "stays@news.example"]
        subscribers.unsubscribe(session, back, reason="asked to")
        assert forget(32) == 0, "who came back and left again has as long again"
        assert session.scalars(select(ForgottenPerson.key)).all() == [key_of("gone@news.example")]
        assert subscribers.read_subscription(session, stays) is not None


def test_who_came_back_and_said_it_again_is_forgotten_again(database: Database) -> None:
    with database.transaction() as session:
        first, second = (analyze(session, f"https://news.example/{name}") for name in "ab")

        def say(article_id: int, label: Label, days: int, who: str = ADDRESS) -> None:
            labels.save_label(session, "t", article_id, label, who=who, via="digest", now=NOW + days * DAY)

        say(first, Label.NO, 0)
        assert forgetting.forget_person(session, ADDRESS, key_of, now=NOW)
        say(first, Label.YES, 1)
        say(second, Label.YES, 3, ADDRESS.lower())
        say(second, Label.NO, 2, ADDRESS.upper())
        say(second, Label.NO, 2, "other@news.example")
        assert forgetting.forget_person(session, ADDRESS, key_of, now=NOW)
        alias = f"forgotten {key_of(ADDRESS)[:16]}"
        session.expire_all()
        said = {(one.article_id, one.who): one.label for one in labels.labels_of(session, "t")}
        assert said == {
            (first, alias): Label.YES, (second, alias): Label.YES, (second, "other@news.example"): Label.NO,
        }  # fmt: skip
        assert not forgetting.forget_person(session, ADDRESS, key_of, now=NOW)


def test_what_goes_by_the_file_alone_leaves_no_key(database: Database) -> None:
    with database.transaction() as session:
        for channel in ("email", "webhook"):
            one = subscribe(session, f"{channel}:x", channel=channel)
            subscribers.unsubscribe(session, one, reason="taken out")
        session.flush()
        session.execute(update(Subscriber).values(ended_at=NOW))
        gone = forgetting.forget_ended(
            session, key_of, before=NOW + DAY, now=NOW + 2 * DAY, limit=9, by_file_alone={"webhook"}
        )
        assert gone == 2
        assert session.scalars(select(ForgottenPerson.key)).all() == [key_of("email:x")]


@pytest.mark.parametrize(("kind", "left"), [("confirmation", 0), ("manage", 1)])
def test_an_address_that_was_never_confirmed_goes_after_two_days(database: Database, kind: str, left: int) -> None:
    with database.transaction() as session:
        letter = outbox.NewDelivery("email", "from@news.example", "never@news.example", "<x@news.example>", b"x")
        outbox.save_notice(session, kind, letter, now=NOW)
        assert forgetting.forget_unconfirmed(session, now=NOW + 2 * DAY) == 0
        forgetting.forget_unconfirmed(session, now=NOW + 2.1 * DAY)
        assert len(mentions(session, "never@news.example")) == left


def test_a_used_link_is_known_as_long_as_it_would_work(database: Database) -> None:
    with database.transaction() as session:
        used_links.save_use(session, "k", now=NOW)
        used_links.save_use(session, "k", now=NOW)
        assert [used_links.is_used(session, key) for key in "kl"] == [True, False]
        assert used_links.prune_uses(session, before=NOW) == 0
        assert used_links.prune_uses(session, before=NOW + DAY) == 1
