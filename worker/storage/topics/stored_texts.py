"""The articles that have been read, streamed in the order of their numbers: what topics are tried on again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Article
from worker.topics import TopicArticle


@dataclass(frozen=True, slots=True)
class StoredText:
    """A read article that is no copy, as topics see it."""

    id: int
    article: TopicArticle
    published: datetime


def first_read_since(session: Session, since: datetime) -> int:
    """Return the lowest number of an article read at or after that moment, 0 where there is none."""
    return session.scalar(select(func.min(Article.id)).where(Article.analyzed_at >= since)) or 0


def last_article(session: Session) -> int:
    """Return the highest number of an article, 0 where there is none."""
    return session.scalar(select(func.max(Article.id))) or 0


def count_texts(session: Session, *, after: int = 0, since: datetime | None = None) -> int:
    """Return how many articles `read_texts` gives in all."""
    return session.scalar(select(func.count()).select_from(Article).where(*_wanted(after, since))) or 0


def read_texts(
    session: Session, *, after: int, limit: int, through: int | None = None, since: datetime | None = None
) -> list[StoredText]:
    """Return the next `limit` articles with a number above `after` (at most `through`), published since then.

    Those whose words are not kept any more are left out: what was found in them stays.
    """
    bound = () if through is None else (Article.id <= through,)
    rows = session.execute(
        select(
            Article.id, Article.title, Article.text, Article.language, Article.outlet,
            func.coalesce(Article.published_at, Article.discovered_at),
        )
        .where(*_wanted(after, since), *bound)
        .order_by(Article.id)
        .limit(limit)
    )  # fmt: skip
    return [
        StoredText(number, TopicArticle(title, text, language, outlet), published)
        for number, title, text, language, outlet, published in rows
    ]


def _wanted(after: int, since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    recent = () if since is None else (Article.published_at >= since,)
    read = Article.state == "analyzed", Article.duplicate_of.is_(None), Article.text_gone_at.is_(None)
    return (Article.id > after, *read, *recent)
