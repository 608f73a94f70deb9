"""Claims of feeds: which are being polled, by whom, until when.

Kept apart from the feeds, whose rows are wide: either database writes all of a row for the smallest change of it,
and a claim comes and goes with every poll. It is there as long as the feed is being polled; where the poll broke off
it stays, and its lease runs out.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from types import ModuleType
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Select,
    bindparam,
    delete,
    exists,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import Feed, FeedClaim
from models.base import UtcDateTime
from worker.storage.db.id_lists import is_one_of

Held = tuple[int, datetime]
"""A feed's id, and until when it was leased: what proves that a claim is still one's own."""

_OVER = datetime(2000, 1, 1, tzinfo=UTC)  # the end of a lease that is given back early
_NOW, _UNTIL = bindparam("now", type_=UtcDateTime), bindparam("until", type_=UtcDateTime)


def _take(dialect: ModuleType) -> Executable:
    # In one order: so two who claim the same feeds never wait for each other.
    due: Select[*tuple[Any, ...]] = select(Feed.id, _UNTIL, literal_column("1")).where(
        is_one_of(Feed.id),
        Feed.active,
        ~Feed.paused,
        Feed.next_poll_at <= _NOW,
        ~exists().where(FeedClaim.feed_id == Feed.id),
    )
    columns = ["feed_id", "lease_until", "attempts"]
    taken = dialect.insert(FeedClaim).from_select(columns, due.order_by(Feed.id))
    return cast("Executable", taken.on_conflict_do_nothing().returning(FeedClaim.feed_id))


def _take_one(dialect: ModuleType) -> Executable:
    taken = dialect.insert(FeedClaim).values(feed_id=bindparam("id"), lease_until=_UNTIL, attempts=1)
    once_more = {"lease_until": _UNTIL, "attempts": FeedClaim.attempts + 1}
    over = FeedClaim.lease_until <= _NOW
    counted = taken.on_conflict_do_update(index_elements=["feed_id"], set_=once_more, where=over)
    return cast("Executable", counted.returning(FeedClaim.attempts))


# Built once: on the path of an unchanged poll, building them anew would cost as much as running them.
_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}
_TAKE = {name: _take(dialect) for name, dialect in _DIALECTS.items()}
_TAKE_ONE = {name: _take_one(dialect) for name, dialect in _DIALECTS.items()}
_OURS = (is_one_of(FeedClaim.feed_id), FeedClaim.lease_until == _UNTIL)
_END = delete(FeedClaim).where(*_OURS).returning(FeedClaim.feed_id)
_EARLIER = {"attempts": FeedClaim.attempts - 1, "lease_until": _OVER}
_PUT_BACK = update(FeedClaim).where(*_OURS).values(_EARLIER).returning(FeedClaim.feed_id)
_FORGET = delete(FeedClaim).where(is_one_of(FeedClaim.feed_id), FeedClaim.attempts == 0)


def take_several(session: Session, feed_ids: Sequence[int], *, now: datetime, until: datetime) -> list[int]:
    """Lease those of the feeds that are due and have no claim; return their ids.

    One that another worker had, and has done with in this very moment, may be among them: whoever was given
    a claim looks again whether the feed is due. One whose last poll broke off is not.
    """
    given = {"ids": feed_ids, "now": now, "until": until}
    return list(session.connection().execute(_TAKE[session.get_bind().dialect.name], given).scalars().all())


def take_one(session: Session, feed_id: int, *, now: datetime, until: datetime) -> int:
    """Lease the feed, unless another worker has it (0); return how many polls, with this one, have not ended."""
    statement = _TAKE_ONE[session.get_bind().dialect.name]
    given = {"id": feed_id, "now": now, "until": until}
    return session.connection().execute(statement, given).scalar() or 0


def is_held(session: Session, held: Held) -> bool:
    """Whether the claim is still one's own, which it then stays until this transaction ends."""
    feed_id, until = held
    ours = (FeedClaim.feed_id == feed_id, FeedClaim.lease_until == until)
    return session.connection().execute(update(FeedClaim).where(*ours).values(lease_until=until)).rowcount == 1


def end(session: Session, held: Iterable[Held]) -> set[int]:
    """Drop claims after their polls; return the ids of those that were still one's own."""
    return {
        feed_id
        for until, ids in _by_lease(held)
        for feed_id in session.connection().execute(_END, {"ids": ids, "until": until}).scalars().all()
    }


def put_back(session: Session, held: Iterable[Held]) -> set[int]:
    """Undo claims of feeds that were not asked; return the ids of those that were still one's own.

    An earlier poll that broke off is not forgotten.
    """
    ours = {
        feed_id
        for until, ids in _by_lease(held)
        for feed_id in session.connection().execute(_PUT_BACK, {"ids": ids, "until": until}).scalars().all()
    }
    if ours:
        session.connection().execute(_FORGET, {"ids": sorted(ours)})
    return ours


def drop(session: Session, feed_id: int) -> None:
    """Drop the claim of a feed whose poll has ended, whoever it belongs to: for one who holds it."""
    session.connection().execute(delete(FeedClaim).where(FeedClaim.feed_id == feed_id))


def is_free(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """What holds of a feed that nobody is polling."""
    return ~exists().where(FeedClaim.feed_id == Feed.id, FeedClaim.lease_until > now)


def _by_lease(held: Iterable[Held]) -> Iterable[tuple[datetime, list[int]]]:
    lease = operator.itemgetter(1)
    for until, group in groupby(sorted(held, key=lease), key=lease):
        yield until, sorted(feed_id for feed_id, _ in group)
