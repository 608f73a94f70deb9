"""What hosts ask for between two visits (Crawl-delay), kept with each feed of theirs for those who look at the list."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from models import Feed
from worker.storage.feeds.former_addresses import host_of


def is_news(session: Session, url: str, delay: timedelta) -> bool:
    """Whether a feed of that address's host is not yet known to have this delay."""
    return bool(session.scalar(select(exists().where(*_other(url, delay)))))


def save_delay(session: Session, url: str, delay: timedelta) -> None:
    """Keep the delay with every feed of that address's host."""
    session.execute(update(Feed).where(*_other(url, delay)).values(crawl_delay=_seconds(delay)))


def _other(url: str, delay: timedelta) -> tuple[ColumnElement[bool], ...]:
    return Feed.host == host_of(url), Feed.crawl_delay.is_distinct_from(_seconds(delay))


def _seconds(delay: timedelta) -> float | None:
    return delay.total_seconds() or None
