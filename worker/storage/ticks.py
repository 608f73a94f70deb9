"""When each periodic job last ran."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Tick


def save_tick(session: Session, name: str, *, now: datetime) -> None:
    """Record that the job ran."""
    session.merge(Tick(name=name, at=now))


def last_tick(session: Session, name: str) -> datetime | None:
    """Return when the job last ran."""
    row = session.get(Tick, name)
    return row.at if row else None


def all_ticks(session: Session) -> dict[str, datetime]:
    """Return when each job last ran."""
    return {row.name: row.at for row in session.scalars(select(Tick).order_by(Tick.name))}
