"""Taking a row to work on: one conditional UPDATE, so that of many takers one wins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from models import Article, BackfillPage, Delivery, Document, FeedSearch, HubSubscription, Recheck, Retag, Site

Claimable = (
    type[Article]
    | type[BackfillPage]
    | type[Delivery]
    | type[Document]
    | type[FeedSearch]
    | type[HubSubscription]
    | type[Recheck]
    | type[Retag]
    | type[Site]
)


def claim(
    session: Session,
    table: Claimable,
    row_id: int,
    *,
    states: Collection[str],
    becomes: str | None = None,
    now: datetime,
    lease: timedelta,
) -> bool:
    """Lease the row until `now + lease`, counting the attempt; False when it is not to be had.

    The attempt is counted before the work, so that an input that kills its worker is counted too.
    """
    values: dict[str, object] = {"lease_until": now + lease, "attempts": table.attempts + 1}
    if becomes:
        values["state"] = becomes
    statement = (
        update(table)
        .where(table.id == row_id, table.state.in_(states), *_free(table, now))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return session.connection().execute(statement).rowcount == 1


def still_held(session: Session, table: Claimable, row_id: int, lease_until: datetime) -> bool:
    """Whether the lease that a step was given is still its own, which it then stays until this transaction ends.

    A step that took longer than its lease finds out here that another has taken over, and writes nothing.
    """
    statement = (
        update(table)
        .where(table.id == row_id, table.lease_until == lease_until)
        .values(lease_until=table.lease_until)
        .execution_options(synchronize_session=False)
    )
    return session.connection().execute(statement).rowcount == 1


def waiting(session: Session, table: Claimable, *, states: Collection[str], now: datetime, limit: int) -> list[int]:
    """Return the ids of rows that could be claimed now, oldest first."""
    return list(
        session.scalars(
            select(table.id).where(table.state.in_(states), *_free(table, now)).order_by(table.id).limit(limit)
        )
    )


def _free(table: Claimable, now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        or_(table.lease_until.is_(None), table.lease_until <= now),
        or_(table.next_try_at.is_(None), table.next_try_at <= now),
    )
