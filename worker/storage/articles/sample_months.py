"""The months of the copies' index: one partition each on PostgreSQL, made ahead and dropped when they are over.

Dropping a month takes milliseconds where deleting its rows takes minutes and leaves the table as large as it was
(`python -m benchmarks.dedupe` prints both). SQLite has one table, ordered by month.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from models import SamplePage

_AHEAD = timedelta(days=45)  # this month and the next one at least
_FILL = 80  # per cent: a page that grows stays where it is, and so does what the index says of it
_OTHERS = "sample_pages_others"  # where a month goes that has no partition yet


def month_of(moment: datetime) -> int:
    """Return the month as a number that grows by one each month."""
    return moment.year * 12 + moment.month - 1


def months_around(moment: datetime, window: timedelta) -> list[int]:
    """Return the months that lie within `window` of the moment, before or after it."""
    return list(range(month_of(moment - window), month_of(moment + window) + 1))


def prepare_months(session: Session, *, now: datetime) -> None:
    """Make the partitions of this month and the next, taking over what stands among the others."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for month in range(month_of(now), month_of(now + _AHEAD) + 1):
        if not _exists(session, _partition(month)):
            _make_partition(session, month)


def prune_months(session: Session, *, before: datetime) -> int:
    """Forget the months that were over before that moment; return how many partitions or rows that were."""
    first = month_of(before)
    gone = 0
    if session.get_bind().dialect.name == "postgresql":
        names = [name for name in _partitions(session) if name != _OTHERS and int(name.rpartition("_")[2]) < first]
        for name in names:
            session.execute(text(f"DROP TABLE {name}"))
        gone = len(names)
    return gone + session.connection().execute(delete(SamplePage).where(SamplePage.month < first)).rowcount


def _partition(month: int) -> str:
    return f"sample_pages_{month}"


def _exists(session: Session, name: str) -> bool:
    return session.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is not None


def _partitions(session: Session) -> list[str]:
    statement = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'sample_pages'::regclass"
    return list(session.scalars(text(statement)))


def _make_partition(session: Session, month: int) -> None:
    name = _partition(month)
    session.execute(text(f"CREATE TABLE {name} (LIKE sample_pages INCLUDING ALL) WITH (fillfactor = {_FILL})"))
    moved = f"WITH moved AS (DELETE FROM {_OTHERS} WHERE month = :month RETURNING *) INSERT INTO {name} TABLE moved"  # noqa: S608 - our own names
    session.execute(text(moved), {"month": month})
    session.execute(text(f"ALTER TABLE sample_pages ATTACH PARTITION {name} FOR VALUES IN ({month})"))
