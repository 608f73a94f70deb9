"""When digests are due: whose are, and how a due time is moved on by one planner only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from models import Subscriber, Subscription

CLOCKS_DIFFER = timedelta(hours=1)
"""By how much the clocks of our machines may differ; what is further ahead was written by a clock that was wrong."""

_TABLE = cast("Table", Subscription.__table__)
# Built once, and the same for one and for many: whoever saw another due time, or another planning, changes nothing.
_MOVE = (
    update(_TABLE)
    .where(
        _TABLE.c.id == bindparam("subscription_id"),
        _TABLE.c.active,
        _TABLE.c.next_due_at == bindparam("seen"),
        _TABLE.c.plannings == bindparam("seen_plannings"),
    )
    .values(
        next_due_at=bindparam("next_due"),
        window_start=bindparam("window_end"),
        news_seen=bindparam("news_until"),
        plannings=_TABLE.c.plannings + 1,
    )
)


class DueMove(NamedTuple):
    """A due time to be moved from the one that was `seen`; the next window begins at `window_end`.

    The news up to `news_until` has been looked at then. `seen_plannings` is the subscription's count as it was seen.
    """

    subscription_id: int
    seen: datetime
    next_due: datetime
    window_end: datetime
    news_until: int
    seen_plannings: int


def due_subscriptions(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return the active subscriptions whose digest is due, the longest overdue first.

    Among them those whose last digest ended in what is still to come: their due time is to be put right.
    """
    statement = (
        select(Subscription.id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(
            Subscription.active,
            or_(Subscription.next_due_at <= now, Subscription.window_start > now + CLOCKS_DIFFER),
            Subscriber.state == "active",
            or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= now),
        )
        .order_by(Subscription.next_due_at)
        .limit(limit)
    )
    return list(session.scalars(statement))


def move_due(session: Session, move: DueMove) -> bool:
    """Compare and set the due time: of many planners that saw the same one, exactly one gets True."""
    return session.connection().execute(_MOVE, move._asdict()).rowcount == 1


def move_dues(session: Session, moves: Sequence[DueMove]) -> set[int]:
    """Do as `move_due` does for each of some subscriptions; return those that no other planner has moved meanwhile."""
    if not moves:
        return set()
    # Locked in one order, so that two who move never wait for each other.
    seen = select(_TABLE.c.id, _TABLE.c.active, _TABLE.c.next_due_at, _TABLE.c.plannings).order_by(_TABLE.c.id)
    rows = session.execute(seen.where(_TABLE.c.id.in_([one.subscription_id for one in moves])).with_for_update())
    as_seen = {row.id: (row.next_due_at, row.plannings) for row in rows if row.active}
    won = [one for one in moves if as_seen.get(one.subscription_id) == (one.seen, one.seen_plannings)]
    if won:
        session.connection().execute(_MOVE, [one._asdict() for one in won])
    return {one.subscription_id for one in won}
