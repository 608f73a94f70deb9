"""Taking a row to work on: one conditional UPDATE, so that of many takers one wins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Update, bindparam, or_, select, update
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
    given = {"row": row_id, "states": list(states), "now": now, "until": now + lease}
    return session.connection().execute(_claim(table, becomes), given).rowcount == 1


def still_held(session: Session, table: Claimable, row_id: int, lease_until: datetime) -> bool:
    """Whether the lease that a step was given is still its own, which it then stays until this transaction ends.

    A step that took longer than its lease finds out here that another has taken over, and writes nothing.
    """
    return session.connection().execute(_hold(table), {"row": row_id, "until": lease_until}).rowcount == 1


def waiting(session: Session, table: Claimable, *, states: Collection[str], now: datetime, limit: int) -> list[int]:
    """Return the ids of rows that could be claimed now, oldest first."""
    given = {"states": list(states), "now": now}
    return list(session.scalars(select(table.id).where(*_is_free(table)).order_by(table.id).limit(limit), given))


@cache
def _claim(table: Claimable, becomes: str | None) -> Update:
    values: dict[str, object] = {"lease_until": bindparam("until"), "attempts": table.attempts + 1}
    if becomes:
        values["state"] = becomes
    return update(table).where(table.id == bindparam("row"), *_is_free(table)).values(values)


@cache
def _hold(table: Claimable) -> Update:
    held = table.id == bindparam("row"), table.lease_until == bindparam("until")
    return update(table).where(*held).values(lease_until=table.lease_until)


def _is_free(table: Claimable) -> tuple[ColumnElement[bool], ...]:
    return (
        table.state.in_(bindparam("states", expanding=True)),
        or_(table.lease_until.is_(None), table.lease_until <= bindparam("now")),
        or_(table.next_try_at.is_(None), table.next_try_at <= bindparam("now")),
    )
