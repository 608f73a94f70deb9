"""Deliveries as people see them and have them sent again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models import Delivery, Digest, Subscriber, Subscription
from worker.errors import ConflictError
from worker.storage.digests import returns

UNSENT = ("pending", "sending", "unknown", "resending", "dead")
"""The states of a delivery that has not surely arrived."""
RETRIED = ("pending", "unknown", "dead")
"""Those of one that a person can have tried again."""


@dataclass(frozen=True, slots=True)
class DeliveryStanding:
    """A delivery and how far it has come. `window_end` is that of its digest, None for a single mail."""

    id: int
    kind: str
    channel: str
    recipient: str
    state: str
    attempts: int
    created: datetime
    window_end: datetime | None
    next_try: datetime | None
    finished: datetime | None
    reason: str | None


def list_deliveries(session: Session, *, states: Collection[str] = UNSENT, limit: int = 50) -> list[DeliveryStanding]:
    """Return the deliveries in one of those states, the newest first."""
    return _standings(session, Delivery.state.in_(states), limit)


def deliveries_of(session: Session, subscription_id: int, *, limit: int) -> list[DeliveryStanding]:
    """Return the deliveries of a reader's digests, the newest first."""
    mine = select(Digest.id).where(Digest.subscription_id == subscription_id)
    return _standings(session, Delivery.digest_id.in_(mine), limit)


def _standings(session: Session, which: ColumnElement[bool], limit: int) -> list[DeliveryStanding]:
    rows = session.execute(
        select(Delivery, Digest.window_end)
        .outerjoin(Digest, Digest.id == Delivery.digest_id)
        .where(which)
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    return [
        DeliveryStanding(
            row.id, row.kind, row.channel, row.recipient, row.state, row.attempts, row.created_at, window_end,
            row.next_try_at, row.finished_at, row.reason,
        )
        for row, window_end in rows
    ]  # fmt: skip


def retry_delivery(session: Session, delivery_id: int, *, now: datetime) -> None:
    """Let a delivery be tried now, as if it had never been.

    Raises `ConflictError` where it is no longer to be had: it was sent or is being sent, its bytes are gone, its
    reader wants no mail, or what it told has gone out since.
    """
    row = session.get(Delivery, delivery_id)
    if row is None:
        raise ConflictError(f"there is no delivery {delivery_id}: 'storywatch deliveries list' names them")
    why_not = _why_not(session, row, now)
    if why_not:
        raise ConflictError(f"delivery {delivery_id} cannot be tried again: {why_not}")
    state = "pending" if row.state == "dead" else row.state
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(state=state, attempts=0, next_try_at=None, lease_until=None, finished_at=None, created_at=now)
        .execution_options(synchronize_session=False)
    )


def _why_not(session: Session, row: Delivery, now: datetime) -> str:
    if row.state not in RETRIED:
        return "it was sent" if row.state == "sent" else "it is being sent"
    reader = session.execute(
        select(Subscriber.state, Subscriber.paused_until)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .join(Digest, Digest.subscription_id == Subscription.id)
        .where(Digest.id == row.digest_id)
    ).one_or_none()
    if reader and (reader.state != "active" or (reader.paused_until and reader.paused_until > now)):
        return f"its reader is {reader.state if reader.state != 'active' else returns.PAUSED}"
    if not row.message:
        return "its bytes are no longer kept; what it told waits for the next digest"
    if row.state == "dead" and not returns.take_back(session, row.id):
        return "what it told has gone out since in another digest"
    return ""
