"""Digests as frozen bytes: written with their stories in one transaction, claimed, and marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from models import Delivery, Digest, DigestPage, DigestStory, Subscriber, Subscription
from worker.digests import Period
from worker.errors import ConflictError
from worker.retry import RetryPolicy
from worker.storage.db.claims import claim, still_held, waiting
from worker.storage.db.packing import pack, unpack
from worker.storage.digests import returns, subscribers, told

_BECOMES = {"pending": "sending", "sending": "resending", "unknown": "resending", "resending": "resending"}
"""By the state a delivery is claimed in: the one it has while it is being sent."""


@dataclass(frozen=True, slots=True)
class SentStory:
    """A story as it goes out: which revision, under which topic and headline, and the articles that are told with it.

    `page` is 1 in the digest itself, else that of its archive. `revisions` are those of articles that have changed.
    """

    story_id: int
    revision: int
    topic: str
    article_ids: tuple[int, ...]
    headline: str = ""
    page: int = 1
    revisions: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message ready to go. `message` are the exact bytes that will be sent, however often."""

    channel: str
    sender: str
    recipient: str
    message_id: str
    message: bytes


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery that was claimed. `was` is the state before: "sending" or "resending" mean that a worker died."""

    id: int
    channel: str
    sender: str
    recipient: str
    message_id: str
    message: bytes
    attempts: int
    was: str
    lease_until: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What becomes of a delivery: `state` is pending, unknown, sent or dead; a next try keeps it open.

    `bounce` is hard or soft where the recipient's mailbox did not take it. A try that is not `counted` uses none up.
    `returns` says when what a dead digest told may be told again, None for never: it may have arrived. Where the
    channel `refused` it, a story comes back only so often: it may be that one which no server takes.
    """

    state: str
    reason: str | None = None
    next_try: datetime | None = None
    bounce: Literal["hard", "soft"] | None = None
    counted: bool = True
    returns: RetryPolicy | None = None
    refused: bool = False


def save_digest(
    session: Session,
    subscription_id: int,
    kind: str,
    period: Period,
    *,
    html: str,
    more: Sequence[str] = (),
    stories: Sequence[SentStory],
    delivery: NewDelivery,
    now: datetime,
    news_from: int = 0,
) -> int:
    """Write digest, stories and delivery; return the delivery's id. `more` are further pages of its archive.

    `news_from` is the number after which the digest looked for news: if it cannot be delivered, the next one looks
    from there again. Raises `ConflictError` when this subscription has had this window before: the caller's
    transaction then comes to nothing, as it should.
    """
    try:
        digest_id = _add_digest(session, subscription_id, kind, period, html, more, now, news_from)
        session.add_all(
            DigestStory(
                digest_id=digest_id, subscription_id=subscription_id, story_id=story.story_id, page=story.page,
                revision=story.revision, topic=story.topic, article_ids=list(story.article_ids),
                headline=story.headline or None,
            )
            for story in stories
        )  # fmt: skip
        articles = {each: story.revisions.get(each, 1) for story in stories for each in story.article_ids}
        told.save_told(session, subscription_id, digest_id, articles)
        return _add(session, delivery, digest_id, "digest", now)
    except IntegrityError as error:
        raise ConflictError(f"subscription {subscription_id} has had this digest before: {error.orig}") from error


def _add_digest(
    session: Session, subscription_id: int, kind: str, period: Period, html: str, more: Sequence[str], now: datetime,
    news_from: int,
) -> int:  # fmt: skip
    digest = Digest(
        subscription_id=subscription_id, kind=kind, window_start=period.start, window_end=period.end,
        created_at=now, news_from=news_from, html=pack(html.encode()),
    )  # fmt: skip
    session.add(digest)
    session.flush()
    session.add_all(
        DigestPage(digest_id=digest.id, number=number, html=pack(page.encode()))
        for number, page in enumerate(more, start=2)
    )
    return digest.id


def save_notice(session: Session, kind: str, delivery: NewDelivery, *, now: datetime) -> int:
    """Put a single mail that belongs to no digest into the outbox; return the delivery's id."""
    return _add(session, delivery, None, kind, now)


def _add(session: Session, delivery: NewDelivery, digest_id: int | None, kind: str, now: datetime) -> int:
    row = Delivery(
        digest_id=digest_id, kind=kind, channel=delivery.channel, sender=delivery.sender,
        recipient=delivery.recipient, message_id=delivery.message_id, message=pack(delivery.message),
        created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def claim_delivery(session: Session, delivery_id: int, *, now: datetime, lease: timedelta) -> DeliveryRecord | None:
    """Lease a delivery and mark it as being sent, or return None when it is not to be had.

    What may have arrived already is marked as being sent again: that is done once. A digest whose reader has
    unsubscribed, or whose address has bounced, since it was written goes no more; one whose reader has paused gives
    back what it tells, or waits for the end of the pause where it may have arrived.
    """
    was = session.scalar(select(Delivery.state).where(Delivery.id == delivery_id))
    if was is None or was not in _BECOMES:
        return None
    if not claim(session, Delivery, delivery_id, states=(was,), becomes=_BECOMES[was], now=now, lease=lease):
        return None
    if _is_stopped(session, delivery_id, was, now):
        return None
    row = session.get_one(Delivery, delivery_id, options=[undefer(Delivery.message)])
    return DeliveryRecord(
        id=row.id, channel=row.channel, sender=row.sender, recipient=row.recipient, message_id=row.message_id,
        message=unpack(row.message), attempts=row.attempts, was=was,
        lease_until=now + lease, created_at=row.created_at,
    )  # fmt: skip


def _is_stopped(session: Session, delivery_id: int, was: str, now: datetime) -> bool:
    """End a delivery whose reader wants no digest at present, or let it wait; a single mail was asked for and goes."""
    reader = session.execute(
        select(Subscriber.state, Subscriber.paused_until)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .join(Digest, Digest.subscription_id == Subscription.id)
        .join(Delivery, Delivery.digest_id == Digest.id)
        .where(Delivery.id == delivery_id)
    ).one_or_none()
    if reader is None:
        return False
    if reader.state in {"unsubscribed", "bounced"}:
        save_outcome(session, delivery_id, DeliveryResult("dead", reader.state), now=now)
        if was == "pending":
            returns.forget_told(session, [delivery_id])
        return True
    if reader.paused_until is None or reader.paused_until <= now:
        return False
    if was == "pending":
        save_outcome(session, delivery_id, DeliveryResult("dead", returns.PAUSED), now=now)
        returns.give_back(session, delivery_id, not_before=now)
    else:
        _put_back(session, delivery_id, was, until=reader.paused_until)
    return True


def is_held(session: Session, delivery: DeliveryRecord) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return still_held(session, Delivery, delivery.id, delivery.lease_until)


def hold_longer(session: Session, delivery: DeliveryRecord, *, by: timedelta) -> DeliveryRecord:
    """Lengthen the lease of a delivery that was claimed in this transaction: its turn comes only then."""
    if not by:
        return delivery
    until = delivery.lease_until + by
    session.execute(update(Delivery).where(Delivery.id == delivery.id).values(lease_until=until))
    return replace(delivery, lease_until=until)


def put_back(session: Session, delivery: DeliveryRecord, *, until: datetime) -> None:
    """Leave a delivery that was claimed in this transaction as it was, and let it wait until that moment."""
    _put_back(session, delivery.id, delivery.was, until=until)


def _put_back(session: Session, delivery_id: int, was: str, *, until: datetime) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(state=was, attempts=Delivery.attempts - 1, lease_until=None, next_try_at=until)
        .execution_options(synchronize_session=False)
    )


def save_outcome(session: Session, delivery_id: int, result: DeliveryResult, *, now: datetime) -> None:
    """Record how sending went, also of the recipient; a delivery with a next try is not finished."""
    recipient = session.scalars(select(Delivery.recipient).where(Delivery.id == delivery_id)).one()
    if result.bounce:
        reason = result.reason or result.bounce
        subscribers.note_bounce(session, recipient, hard=result.bounce == "hard", reason=reason)
    elif result.state == "sent":
        subscribers.note_arrival(session, recipient)
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(
            state=result.state, reason=result.reason, refused=result.refused, lease_until=None,
            next_try_at=result.next_try,
            finished_at=None if result.next_try else now, attempts=Delivery.attempts - int(not result.counted),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def waiting_deliveries(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return the deliveries that could be tried now, those of dead workers among them."""
    return waiting(session, Delivery, states=tuple(_BECOMES), now=now, limit=limit)


def prune_messages(session: Session, *, before: datetime) -> int:
    """Drop the bytes of deliveries that ended before that moment; what was told to whom stays.

    One that its reader ended by unsubscribing has no moment of its own: the one it was written at counts.
    """
    ended = Delivery.state.in_(("sent", "dead")), func.coalesce(Delivery.finished_at, Delivery.created_at) < before
    statement = update(Delivery).where(*ended, Delivery.message != b"").values(message=b"")
    return session.connection().execute(statement).rowcount


def read_archived_digest(
    session: Session, subscription_id: int, kind: str, window_end: datetime, number: int = 1
) -> str | None:
    """Return that page of a digest's archive, if there is such a digest and it has so many; the first is the digest."""
    this = (Digest.subscription_id == subscription_id, Digest.kind == kind, Digest.window_end == window_end)
    if number == 1:
        html = session.scalar(select(Digest.html).where(*this))
    else:
        further = select(DigestPage.html).join(Digest, Digest.id == DigestPage.digest_id)
        html = session.scalar(further.where(*this, DigestPage.number == number))
    return unpack(html).decode() if html else None
