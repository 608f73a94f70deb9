"""Searches for a feed: asked for at the desk, done by a worker, and forgotten after a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import FeedSearch
from worker.storage.db.claims import claim, still_held, waiting

WANTED, DONE, FAILED = "wanted", "done", "failed"
MOST_WANTED = 20
"""Searches that may wait at a time: whoever asks for more has to wait first."""


@dataclass(frozen=True, slots=True)
class FeedSearchRecord:
    """A search; `found` is what the worker wrote down, empty until it is done."""

    id: int
    address: str
    state: str
    attempts: int
    lease_until: datetime | None
    asked_at: datetime
    reason: str | None
    found: Mapping[str, Any]


def add_search(session: Session, address: str, *, now: datetime) -> int | None:
    """Want a search; return its id, or None where too many wait."""
    waits = session.scalar(select(func.count()).where(FeedSearch.state == WANTED)) or 0
    if waits >= MOST_WANTED:
        return None
    row = FeedSearch(address=address, asked_at=now, state=WANTED, attempts=0)
    session.add(row)
    session.flush()
    return row.id


def read_search(session: Session, search_id: int) -> FeedSearchRecord | None:
    """Return the search with that id."""
    row = session.get(FeedSearch, search_id)
    return _record(row) if row else None


def waiting_searches(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return the searches to be done now."""
    return waiting(session, FeedSearch, states=(WANTED,), now=now, limit=limit)


def claim_search(session: Session, search_id: int, *, now: datetime, lease: timedelta) -> FeedSearchRecord | None:
    """Lease the search, or return None when it is not to be had."""
    if not claim(session, FeedSearch, search_id, states=(WANTED,), now=now, lease=lease):
        return None
    return _record(session.get_one(FeedSearch, search_id, populate_existing=True))


def is_held(session: Session, search: FeedSearchRecord) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return search.lease_until is not None and still_held(session, FeedSearch, search.id, search.lease_until)


def save_found(session: Session, search_id: int, found: Mapping[str, Any]) -> None:
    """Keep what was found."""
    row = session.get_one(FeedSearch, search_id, populate_existing=True)
    row.state, row.found, row.lease_until = DONE, dict(found), None


def save_failure(session: Session, search_id: int, reason: str) -> None:
    """Keep why nothing was found."""
    row = session.get_one(FeedSearch, search_id, populate_existing=True)
    row.state, row.reason, row.lease_until = FAILED, reason, None


def prune_searches(session: Session, *, before: datetime) -> int:
    """Forget searches asked for before that moment; return how many."""
    return session.connection().execute(delete(FeedSearch).where(FeedSearch.asked_at < before)).rowcount


def _record(row: FeedSearch) -> FeedSearchRecord:
    return FeedSearchRecord(
        row.id, row.address, row.state, row.attempts, row.lease_until, row.asked_at, row.reason, row.found or {}
    )
