"""What each subscriber was told, article by article and as of which revision; and what was passed over, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models import PassedOver, ToldArticle
from worker.storage.db.inserts import insert_missing

_AT_ONCE = 5_000  # articles asked about together


def read_told(
    session: Session, subscription_ids: Sequence[int], article_ids: Sequence[int]
) -> dict[int | None, dict[int, int]]:
    """Return by subscription which of the articles it was told, each with the latest revision that it was told.

    What stood in a digest that could not be delivered was not told.
    """
    found: dict[int | None, dict[int, int]] = defaultdict(dict)
    columns = (ToldArticle.subscription_id, ToldArticle.article_id, ToldArticle.revision)
    for start in range(0, len(article_ids) if subscription_ids else 0, _AT_ONCE):
        rows = session.execute(
            select(*columns).where(
                ToldArticle.subscription_id.in_(subscription_ids),
                ToldArticle.article_id.in_(article_ids[start : start + _AT_ONCE]),
                ToldArticle.returned.is_(False),
            )
        )
        for subscription_id, article_id, revision in rows:
            had = found[subscription_id]
            had[article_id] = max(revision, had.get(article_id, 0))
    return found


def save_told(session: Session, subscription_id: int, digest_id: int, articles: Mapping[int, int]) -> None:
    """Write down that the digest tells the articles, each as of its revision."""
    rows = [
        {"subscription_id": subscription_id, "article_id": article_id, "digest_id": digest_id, "revision": revision}
        for article_id, revision in sorted(articles.items())
    ]
    if rows:
        session.connection().execute(insert(ToldArticle).values(returned=False), rows)


def save_passed_over(session: Session, passed_over: Mapping[int, Mapping[int, str]], *, now: datetime) -> None:
    """Write down by subscription which articles it was not told, each with the reason; the first one stays."""
    rows = [
        {"subscription_id": subscription_id, "article_id": article_id, "reason": reason, "at": now}
        for subscription_id, articles in passed_over.items()
        for article_id, reason in articles.items()
    ]
    insert_missing(session, PassedOver, rows, by=("subscription_id", "article_id"))
