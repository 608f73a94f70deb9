"""How large the database is, day by day, and giving back what it needs no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from models import DatabaseSize
from worker.storage.db.inserts import insert_missing

_SLOPE = timedelta(days=30)
_KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Growth:
    """How many bytes the database takes, and how many more each day; None while that is not known."""

    size: int
    a_day: float | None


def read_size(session: Session) -> int:
    """Return how many bytes the database takes, in its file or on its server."""
    if _is_sqlite(session):
        return _pragma(session, "page_count") * _pragma(session, "page_size")
    return session.scalar(text("SELECT pg_database_size(current_database())")) or 0


def save_size(session: Session, *, now: datetime) -> None:
    """Write down how large the database is today; what is older than a year and a month is forgotten."""
    size, today = read_size(session), now.date()
    insert_missing(session, DatabaseSize, [{"day": today, "size": size}], by=("day",))
    session.execute(update(DatabaseSize).where(DatabaseSize.day == today).values(size=size))
    session.execute(delete(DatabaseSize).where(DatabaseSize.day < (now - _KEPT).date()))


def read_growth(session: Session, *, now: datetime) -> Growth:
    """Return the size, and by how much it grew a day since the earliest day known of the last thirty."""
    size = read_size(session)
    known = select(DatabaseSize.day, DatabaseSize.size).where(DatabaseSize.day >= (now - _SLOPE).date())
    first = session.execute(known.order_by(DatabaseSize.day).limit(1)).first()
    days = (now.date() - first.day).days if first else 0
    return Growth(size, (size - first.size) / days if first and days > 0 else None)


def give_back(session: Session, *, pages: int) -> int:
    """Give up to so many free pages of SQLite's file back to the disk; return how many are left to be given back.

    PostgreSQL fills what is free in its tables by itself. A file made without incremental vacuum stays as large
    as it is (`migrations.upgrade` makes it anew).
    """
    if not _is_sqlite(session) or _pragma(session, "auto_vacuum") != _INCREMENTAL:
        return 0
    for _ in range(min(pages, _pragma(session, "freelist_count"))):
        # Python's driver takes one step of a statement that has no columns, and a step is a page.
        session.connection().exec_driver_sql("PRAGMA incremental_vacuum(1)")
    return _pragma(session, "freelist_count")


_INCREMENTAL = 2


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _pragma(session: Session, name: str) -> int:
    return int(session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one())
