"""Subscribers and their subscriptions, and whose digest is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import Delivery, Digest, Subscriber, Subscription
from worker.digests import DigestSubscriber
from worker.storage.hashes import string_hash


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscriber asks for. `first_due` is when the first digest is due, `since` where it begins."""

    address: str
    name: str
    language: str
    zone: str
    topics: tuple[str, ...]
    band: str
    schedule: str
    story_limit: int
    send_empty: bool
    since: datetime
    first_due: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionRecord:
    """A subscription with its subscriber."""

    id: int
    subscriber: DigestSubscriber
    topics: tuple[str, ...]
    band: str
    schedule: str
    story_limit: int
    send_empty: bool
    active: bool
    state: str
    window_start: datetime
    next_due_at: datetime


def save_wish(session: Session, wish: Wish, *, now: datetime) -> int:
    """Add the subscriber, or bring a known one up to date; return the subscription's id.

    A changed schedule or zone takes effect at once; who has unsubscribed stays unsubscribed.
    """
    person = session.scalar(select(Subscriber).where(Subscriber.address_hash == _key(wish.address)))
    if person is None:
        person = Subscriber(address=wish.address, address_hash=_key(wish.address), added_at=now)
        session.add(person)
    moved = person.zone != wish.zone
    person.name, person.language, person.zone = wish.name, wish.language, wish.zone
    session.flush()
    row = session.scalar(select(Subscription).where(Subscription.subscriber_id == person.id))
    if row is None:
        row = Subscription(subscriber_id=person.id, window_start=wish.since, schedule="")
        session.add(row)
    if moved or row.schedule != wish.schedule:
        row.schedule, row.next_due_at = wish.schedule, wish.first_due
    row.topics, row.band = list(wish.topics), wish.band
    row.story_limit, row.send_empty = wish.story_limit, wish.send_empty
    session.flush()
    return row.id


def remove_subscriber(session: Session, address: str) -> bool:
    """Forget the subscriber and everything sent to them; False when there is none."""
    person = session.scalar(select(Subscriber).where(Subscriber.address_hash == _key(address)))
    if person is None:
        return False
    session.delete(person)
    return True


def unsubscribe(session: Session, subscription_id: int, *, reason: str) -> bool:
    """End the subscription; False when there is none (it may have ended before: that is True)."""
    row = session.get(Subscription, subscription_id)
    if row is None:
        return False
    row.active = False
    person = session.get_one(Subscriber, row.subscriber_id)
    person.state, person.reason = "unsubscribed", reason
    digests = select(Digest.id).where(Digest.subscription_id == subscription_id)
    session.execute(
        update(Delivery)
        .where(Delivery.digest_id.in_(digests), Delivery.state.in_(("pending", "unknown")))
        .values(state="dead", reason="unsubscribed", next_try_at=None)
    )
    return True


def list_subscriptions(session: Session) -> list[SubscriptionRecord]:
    """Return all subscriptions by address."""
    statement = select(Subscription, Subscriber).join(Subscriber, Subscriber.id == Subscription.subscriber_id)
    return [_record(*row) for row in session.execute(statement.order_by(Subscriber.address))]


def find_subscription(session: Session, address: str) -> SubscriptionRecord | None:
    """Return the subscription of that address, if there is one."""
    statement = (
        select(Subscription, Subscriber)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscriber.address_hash == _key(address))
    )
    found = session.execute(statement).first()
    return _record(*found) if found else None


def read_subscription(session: Session, subscription_id: int) -> SubscriptionRecord | None:
    """Return the subscription with this id, if there is one."""
    row = session.get(Subscription, subscription_id)
    return _record(row, session.get_one(Subscriber, row.subscriber_id)) if row else None


def due_subscriptions(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return the active subscriptions whose digest is due, the longest overdue first."""
    statement = (
        select(Subscription.id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(
            Subscription.active,
            Subscription.next_due_at <= now,
            Subscriber.state == "active",
            or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= now),
        )
        .order_by(Subscription.next_due_at)
        .limit(limit)
    )
    return list(session.scalars(statement))


def move_due(
    session: Session,
    subscription_id: int,
    *,
    seen: datetime,
    next_due: datetime,
    window_end: datetime,
) -> bool:
    """Compare and set the due time: of many planners that saw the same one, exactly one gets True."""
    moved = session.connection().execute(
        update(Subscription)
        .where(Subscription.id == subscription_id, Subscription.active, Subscription.next_due_at == seen)
        .values(next_due_at=next_due, window_start=window_end)
    )
    return moved.rowcount == 1


def make_due(session: Session, address: str, *, now: datetime) -> None:
    """Let the digest of that address be due now instead of later."""
    person = select(Subscriber.id).where(Subscriber.address_hash == _key(address))
    session.execute(
        update(Subscription)
        .where(Subscription.subscriber_id.in_(person), Subscription.next_due_at > now)
        .values(next_due_at=now)
        .execution_options(synchronize_session=False)
    )


def _key(address: str) -> str:
    return string_hash(address.strip().casefold())


def _record(row: Subscription, person: Subscriber) -> SubscriptionRecord:
    return SubscriptionRecord(
        id=row.id,
        subscriber=DigestSubscriber(person.address, person.name, person.language, person.zone),
        topics=tuple(row.topics), band=row.band, schedule=row.schedule, story_limit=row.story_limit,
        send_empty=row.send_empty, active=row.active, state=person.state, window_start=row.window_start,
        next_due_at=row.next_due_at,
    )  # fmt: skip
