"""Links that work once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import UsedLink
from worker.storage.db.inserts import insert_missing


def is_used(session: Session, key: str) -> bool:
    """Whether the link with that key was used."""
    return session.scalar(select(UsedLink.key).where(UsedLink.key == key)) is not None


def save_use(session: Session, key: str, *, now: datetime) -> None:
    """Write down that the link was used; the caller has looked, in the same transaction, that it was not."""
    insert_missing(session, UsedLink, [{"key": key, "used_at": now}], by=("key",))


def prune_uses(session: Session, *, before: datetime) -> int:
    """Forget links used before that moment, which have expired since; return how many."""
    return session.connection().execute(delete(UsedLink).where(UsedLink.used_at < before)).rowcount
