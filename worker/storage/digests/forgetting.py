"""Forgetting people: their address goes from every table, and is known by a keyed hash alone from then on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models import Delivery, Digest, ForgottenPerson, MailHost, Subscriber, Subscription, TopicLabel
from worker.storage.db.hashes import string_hash
from worker.storage.db.inserts import insert_missing

KeyOf = Callable[[str], str]
"""Makes the keyed hash of an address; the same for every spelling of one mailbox."""

CONFIRM_WITHIN = timedelta(days=2)
"""How long somebody has to confirm that they want to be sent digests."""

_SHOWN = 16  # characters of the hash that stand in the place of the address


def forget_person(
    session: Session, address: str, key_of: KeyOf, *, now: datetime, may_be_declared: bool = False
) -> bool:
    """Take everything of the person out of every table; False where there was nothing of them.

    The configuration does not bring them back, unless they `may_be_declared` again.

    What they were sent stays counted, without digest, words and address: when it was sent and how it ended. What they
    said of articles stays too, for it has shaped the topic. The caller holds no other row of theirs.
    """
    key = key_of(address)
    alias = f"forgotten {key[:_SHOWN]}"
    person = session.scalar(select(Subscriber).where(Subscriber.address_hash == string_hash(_folded(address))))
    digests = (
        select(Digest.id)
        .join(Subscription, Subscription.id == Digest.subscription_id)
        .where(Subscription.subscriber_id == (person.id if person else 0))
    )
    mails = _blank(session, or_(Delivery.digest_id.in_(digests), _is(Delivery.recipient, address)), alias, now)
    known = mails + _hide_labels(session, address, alias)
    for table in (Delivery, MailHost):
        where = table.reason.icontains(address.strip(), autoescape=True)
        session.execute(update(table).where(where).values(reason="said of a forgotten address"))
    if person is not None:
        session.delete(person)
    if person is None and not known:
        return False
    if not may_be_declared:
        insert_missing(session, ForgottenPerson, [{"key": key, "forgotten_at": now}], by=("key",))
    session.flush()
    return True


def is_forgotten(session: Session, key: str) -> bool:
    """Whether the person with that keyed hash was forgotten and has not come back."""
    return session.get(ForgottenPerson, key) is not None


def welcome_back(session: Session, key: str) -> None:
    """The person with that keyed hash wants to be known again."""
    session.execute(delete(ForgottenPerson).where(ForgottenPerson.key == key))


def forget_ended(
    session: Session, key_of: KeyOf, *, before: datetime, now: datetime, limit: int, by_file_alone: Collection[str] = ()
) -> int:
    """Forget up to so many people who unsubscribed before that moment; return how many.

    Of whom it is not known when they did, the time counts from now on. Who is on a channel that goes `by_file_alone`
    comes back with their line in the file.
    """
    over = Subscriber.state == "unsubscribed"
    session.execute(update(Subscriber).where(over, Subscriber.ended_at.is_(None)).values(ended_at=now))
    ended = select(Subscriber.address, Subscriber.channel).where(over, Subscriber.ended_at < before)
    found = session.execute(ended.order_by(Subscriber.id).limit(limit)).all()
    return sum(
        forget_person(session, address, key_of, now=now, may_be_declared=channel in by_file_alone)
        for address, channel in found
    )


def forget_unconfirmed(session: Session, *, now: datetime) -> int:
    """Delete the mails that asked their readers to confirm, once they cannot any more; return how many.

    Nothing else is stored of who never did. One that is just being sent waits for the next time.
    """
    over = Delivery.created_at < now - CONFIRM_WITHIN
    asked = Delivery.kind == "confirmation", over, Delivery.lease_until.is_(None)
    return session.connection().execute(delete(Delivery).where(*asked)).rowcount


def _blank(session: Session, which: ColumnElement[bool], alias: str, now: datetime) -> int:
    """Leave of those mails that they were sent, and end those that were not."""
    ids = session.scalars(select(Delivery.id).where(which)).all()
    mine = Delivery.id.in_(ids)
    session.execute(
        update(Delivery)
        .where(mine, Delivery.state.not_in(("sent", "dead")))
        .values(state="dead", lease_until=None, next_try_at=None, finished_at=now)
    )
    emptied = {"digest_id": None, "recipient": alias, "message": b"", "reason": None}
    session.execute(update(Delivery).where(mine).values(**emptied))
    return len(ids)


def _hide_labels(session: Session, address: str, alias: str) -> int:
    """Put the alias in the place of who said what of articles; of what was said of one twice the last word stays."""
    later = aliased(TopicLabel)
    both = later.topic == TopicLabel.topic, later.article_id == TopicLabel.article_id
    is_later = tuple_(later.labelled_at, later.id) > tuple_(TopicLabel.labelled_at, TopicLabel.id)
    outdated = select(later.id).where(*both, _is_of(later, address, alias), is_later).exists()
    mine = _is(TopicLabel.who, address)
    known = session.scalar(select(func.count()).where(mine)) or 0
    if known:
        session.execute(
            delete(TopicLabel)
            .where(_is_of(TopicLabel, address, alias), outdated)
            .execution_options(synchronize_session=False)
        )
        session.execute(update(TopicLabel).where(mine).values(who=alias))
    return known


def _is_of(label: type[TopicLabel], address: str, alias: str) -> ColumnElement[bool]:
    return or_(_is(label.who, address), label.who == alias)


def _is(column: InstrumentedAttribute[str], address: str) -> ColumnElement[bool]:
    return func.lower(column) == _folded(address)


def _folded(address: str) -> str:
    return address.strip().casefold()
