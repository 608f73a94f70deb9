"""What the owner wants of a feed: pause, poll now, other intervals."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, true, update
from sqlalchemy.orm import Session

from models import Feed


def pause_feed(session: Session, feed_id: int) -> None:
    """Ask the feed no more until it is resumed."""
    session.get_one(Feed, feed_id).paused = True


def resume_feed(session: Session, feed_id: int, *, now: datetime) -> None:
    """Take up a paused feed, due at once; one that is not paused keeps its time."""
    row = session.get_one(Feed, feed_id)
    if row.paused:
        row.paused, row.next_poll_at = False, now


def poll_now(session: Session, feed_id: int | None = None, *, now: datetime) -> int:
    """Make that feed due, or all that are watched, but for paused ones; return how many are."""
    wanted = (Feed.active, ~Feed.paused, true() if feed_id is None else Feed.id == feed_id)
    session.execute(update(Feed).where(*wanted, Feed.next_poll_at > now).values(next_poll_at=now))
    return session.scalar(select(func.count()).where(*wanted)) or 0


def set_bounds(
    session: Session, feed_id: int, *, shortest: timedelta | None, longest: timedelta | None, now: datetime
) -> None:
    """Keep the shortest and the longest time between polls of the feed, None for what holds in general.

    It is due no later than the longest from now on.
    """
    row = session.get_one(Feed, feed_id)
    row.shortest, row.longest = (None if wish is None else wish / timedelta(minutes=1) for wish in (shortest, longest))
    if longest is not None:
        row.next_poll_at = min(row.next_poll_at, now + longest)
