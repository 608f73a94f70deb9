"""When each periodic job last ran."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Tick
from worker.storage.db.inserts import insert_missing

WATCHED_SINCE, JUMPED = "watched since", "clock jumped"
"""Notes among the ticks that are of no job: since when somebody has looked at the installation without a gap, and when
the machine's clock was last set."""


def save_tick(session: Session, name: str, *, now: datetime) -> None:
    """Record that the job ran; two clocks may do so at once."""
    insert_missing(session, Tick, [{"name": name, "at": now}], by=("name",))
    session.execute(update(Tick).where(Tick.name == name).values(at=now))


def last_tick(session: Session, name: str) -> datetime | None:
    """Return when the job last ran."""
    return session.scalar(select(Tick.at).where(Tick.name == name))


def all_ticks(session: Session) -> dict[str, datetime]:
    """Return when each job last ran, with the notes."""
    return {row.name: row.at for row in session.scalars(select(Tick).order_by(Tick.name))}


def job_ticks(session: Session) -> dict[str, datetime]:
    """Return when each job last ran."""
    return {name: at for name, at in all_ticks(session).items() if name not in (WATCHED_SINCE, JUMPED)}
