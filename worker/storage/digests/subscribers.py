"""Subscribers and their subscriptions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Delivery, Digest, Subscriber, Subscription, TopicLabel
from worker.digests import NOTHING_MUTED, DigestSubscriber, Muted
from worker.errors import ConflictError
from worker.storage.db.hashes import string_hash
from worker.storage.digests.returns import forget_told
from worker.storage.stories.news_numbers import news_number_at
from worker.topics import Band

SOFT_BOUNCES = 5
"""Digests in a row that a mailbox may fail to take before nothing more is sent to it."""


@dataclass(frozen=True, slots=True)
class SubscriptionRequest:
    """What a subscriber asks for. `first_due` is when the first digest is due, `since` where it begins.

    `bands` holds the band of each topic that has one of its own. `declared` is a hash of what the
    configuration says: a request that was declared like this before is not applied again.
    """

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
    bands: Mapping[str, str] = field(default_factory=dict)
    paused_until: datetime | None = None
    channel: str = "email"
    declared: str | None = None


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
    bands: Mapping[str, str] = field(default_factory=dict)
    paused_until: datetime | None = None
    channel: str = "email"
    reason: str | None = None
    news_seen: int = 0
    plannings: int = 0
    muted: Muted = NOTHING_MUTED

    @property
    def band_of(self) -> dict[str, str]:
        """By topic: how sure a match must be."""
        return {topic: self.bands.get(topic, self.band) for topic in self.topics}

    @property
    def sure_enough(self) -> dict[str, Set[str]]:
        """By topic: the bands of a match that are sure enough, as a digest's selection wants them."""
        return {topic: Band(band).included for topic, band in self.band_of.items()}

    def is_paused(self, now: datetime) -> bool:
        """Whether nothing is to be sent yet; a pause ends by itself."""
        return self.paused_until is not None and self.paused_until > now

    def is_served(self, now: datetime) -> bool:
        """Whether anything is sent to them at present."""
        return self.active and self.state == "active" and not self.is_paused(now)


def save_request(session: Session, asked: SubscriptionRequest, *, now: datetime, again: bool = False) -> int:
    """Add the subscriber, or bring a known one up to date; return the subscription's id.

    A changed schedule, zone or pause takes effect at once. Who has unsubscribed stays unsubscribed, unless
    they ask for it `again` themselves. Raises `ConflictError` when another adds the same address at this moment.
    """
    person = session.scalar(select(Subscriber).where(Subscriber.address_hash == _key(asked.address)))
    if person is None:
        person = Subscriber(
            address=asked.address, address_hash=_key(asked.address), channel=asked.channel, added_at=now
        )  # fmt: skip
        session.add(person)
    moved = (person.zone, person.paused_until) != (asked.zone, asked.paused_until)
    known = asked.declared is not None and person.declared_hash == asked.declared
    if not known:
        person.name, person.language, person.zone = asked.name, asked.language, asked.zone
        person.paused_until, person.declared_hash = asked.paused_until, asked.declared or person.declared_hash
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError(f"{asked.address} has just been added by somebody else: look again") from error
    row = session.scalar(select(Subscription).where(Subscription.subscriber_id == person.id))
    if row is None:
        row = Subscription(subscriber_id=person.id, schedule="", plannings=0)
        _begin(session, row, asked.since)
        session.add(row)
    elif known:
        return row.id
    if again and not (row.active and person.state == "active"):
        row.active, person.state, person.reason, person.soft_bounces = True, "active", None, 0
        person.ended_at = None
        moved = True
        _begin(session, row, asked.since)
    if moved or row.schedule != asked.schedule:
        row.schedule, row.next_due_at = asked.schedule, asked.first_due
    row.topics, row.band, row.bands = list(asked.topics), asked.band, dict(asked.bands)
    row.story_limit, row.send_empty = asked.story_limit, asked.send_empty
    session.flush()
    return row.id


def remove_subscriber(session: Session, address: str) -> bool:
    """Forget the subscriber and everything sent to them; False when there is none.

    What they said of articles stays, for it has shaped the topic, but no longer under their address.
    """
    person = session.scalar(select(Subscriber).where(Subscriber.address_hash == _key(address)))
    if person is None:
        return False
    session.execute(
        update(TopicLabel)
        .where(TopicLabel.who == person.address, TopicLabel.via == "digest")
        .values(who=f"forgotten {person.address_hash[:16]}")
    )
    letters = Delivery.digest_id.is_(None), func.lower(Delivery.recipient) == person.address.lower()
    session.execute(delete(Delivery).where(*letters))
    session.delete(person)
    return True


def end_subscribers(session: Session, *, channel: str, but: Collection[str]) -> None:
    """Send nothing more to the subscribers of that channel whose addresses are not among these."""
    there = select(Subscriber.id, Subscriber.address).where(Subscriber.channel == channel)
    for person_id, address in session.execute(there).all():
        if address not in but:
            row = session.scalars(select(Subscription.id).where(Subscription.subscriber_id == person_id)).one()
            unsubscribe(session, row, reason="no longer in the configuration")


def unsubscribe(session: Session, subscription_id: int, *, reason: str) -> bool:
    """End the subscription; False when there is none (it may have ended before: that is True)."""
    row = session.get(Subscription, subscription_id)
    if row is None:
        return False
    row.active = False
    person = session.get_one(Subscriber, row.subscriber_id)
    person.state, person.reason = "unsubscribed", reason
    digests = select(Digest.id).where(Digest.subscription_id == subscription_id)
    unsent = session.scalars(select(Delivery.id).where(Delivery.digest_id.in_(digests), Delivery.state == "pending"))
    forget_told(session, unsent.all())
    session.execute(
        update(Delivery)
        .where(Delivery.digest_id.in_(digests), Delivery.state.in_(("pending", "unknown")))
        .values(state="dead", reason="unsubscribed", next_try_at=None)
    )
    return True


def note_bounce(session: Session, address: str, *, hard: bool, reason: str) -> None:
    """Write down that a digest could not be put into that mailbox; send no more where that is final.

    It is when there is no such mailbox, or when it took none of the last SOFT_BOUNCES digests.
    """
    person = session.scalar(select(Subscriber).where(Subscriber.address_hash == _key(address)))
    if person is None or person.state != "active":
        return
    person.soft_bounces += 1
    if hard or person.soft_bounces >= SOFT_BOUNCES:
        person.state, person.reason = "bounced", reason


def note_arrival(session: Session, address: str) -> None:
    """Forget the bounces of a mailbox that takes mail again."""
    session.execute(
        update(Subscriber)
        .where(Subscriber.address_hash == _key(address), Subscriber.soft_bounces > 0)
        .values(soft_bounces=0)
    )


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


def hold_subscription(session: Session, subscription_id: int) -> SubscriptionRecord | None:
    """Return the same as it is now; nobody else changes it until this transaction ends."""
    row = session.get(Subscription, subscription_id, with_for_update=True)
    return _record(row, session.get_one(Subscriber, row.subscriber_id, with_for_update=True)) if row else None


def read_subscriptions(session: Session, subscription_ids: Sequence[int]) -> list[SubscriptionRecord]:
    """Return the subscriptions with these ids, in the given order; one that there is not is left out."""
    statement = select(Subscription, Subscriber).join(Subscriber, Subscriber.id == Subscription.subscriber_id)
    rows = session.execute(statement.where(Subscription.id.in_(subscription_ids)))
    found = {record.id: record for record in (_record(*row) for row in rows)}
    return [found[subscription_id] for subscription_id in dict.fromkeys(subscription_ids) if subscription_id in found]


def make_due(session: Session, address: str, *, now: datetime) -> None:
    """Let the digest of that address be due now instead of later."""
    person = select(Subscriber.id).where(Subscriber.address_hash == _key(address))
    session.execute(
        update(Subscription)
        .where(Subscription.subscriber_id.in_(person), Subscription.next_due_at > now)
        .values(next_due_at=now)
        .execution_options(synchronize_session=False)
    )


def _begin(session: Session, row: Subscription, since: datetime) -> None:
    """Let the first digest look at what has developed since then."""
    with session.no_autoflush:  # a new row is not whole yet
        row.window_start, row.news_seen = since, news_number_at(session, since)
    row.plannings += 1


def _key(address: str) -> str:
    return string_hash(address.strip().casefold())


def _record(row: Subscription, person: Subscriber) -> SubscriptionRecord:
    return SubscriptionRecord(
        id=row.id,
        subscriber=DigestSubscriber(person.address, person.name, person.language, person.zone),
        topics=tuple(row.topics), band=row.band, schedule=row.schedule, story_limit=row.story_limit,
        send_empty=row.send_empty, active=row.active, state=person.state, window_start=row.window_start,
        next_due_at=row.next_due_at, bands=row.bands or {}, paused_until=person.paused_until,
        channel=person.channel, reason=person.reason, news_seen=row.news_seen, plannings=row.plannings,
        muted=Muted(tuple(row.muted_outlets or ()), tuple(row.muted_stories or ())),
    )  # fmt: skip
