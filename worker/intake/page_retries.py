"""What follows when a page could not be had: when to ask for it again, or that what is stored has to do."""

from __future__ import annotations

from datetime import datetime, timedelta

from worker.errors import FetchError
from worker.retry import PAGE_RETRIES, asks_for_hours
from worker.storage.articles.article_rows import ArticleRecord

_GETS_OLD = timedelta(hours=6)


def next_page_try(article: ArticleRecord, error: FetchError, *, now: datetime, jitter: float) -> datetime | None:
    """Return when to ask for the page again, or None when the feed's own text has to do.

    It has to when nothing will change, when the host wants hours of rest, and when the news gets old.
    """
    if now - article.discovered_at > _GETS_OLD:
        return None
    return next_recheck(article.attempts, error, now=now, jitter=jitter)


def next_recheck(attempts: int, error: FetchError, *, now: datetime, jitter: float) -> datetime | None:
    """Return when to ask for a changed page again, or None when what is stored has to do."""
    if not error.transient or asks_for_hours(error.retry_after):
        return None
    return PAGE_RETRIES.next_try(attempts, now=now, jitter=jitter, asked=error.retry_after)
