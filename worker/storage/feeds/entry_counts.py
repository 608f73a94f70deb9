"""How many entries feeds brought, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article


def count_entries(session: Session, feed_ids: Sequence[int], *, since: datetime) -> dict[int, dict[date, int]]:
    """Return by feed how many articles it was the first to announce on each day (UTC) since then.

    Days with none are left out.
    """
    # Articles have their numbers in the order in which they came: those before the first one read since then are older.
    first = select(Article.id).where(Article.analyzed_at >= since).order_by(Article.analyzed_at).limit(1)
    oldest = session.scalar(first)
    found: dict[int, dict[date, int]] = {}
    if oldest is None:
        return found
    of_feeds = select(Article.feed_id, Article.discovered_at).where(
        Article.feed_id.in_(feed_ids), Article.id >= oldest, Article.discovered_at >= since
    )
    for feed_id, moment in session.execute(of_feeds):
        if feed_id is not None:
            days = found.setdefault(feed_id, {})
            days[moment.date()] = days.get(moment.date(), 0) + 1
    return found
