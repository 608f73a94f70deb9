"""The articles of one story as a list, without their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article of a story; of a copy, `copy_of` is its original and `similarity` how near it is."""

    id: int
    title: str
    url: str
    outlet: str
    language: str | None
    published: datetime
    agency: str | None
    feed_only: bool
    copy_of: int | None
    similarity: float | None


def list_articles(session: Session, story_id: int, *, limit: int) -> list[StoryArticle]:
    """Return the story's articles, the first published first."""
    columns = (
        Article.id, Article.title, Article.entry_title, Article.url, Article.outlet, Article.language,
        Article.published_at, Article.discovered_at, Article.agency, Article.feed_only, Article.duplicate_of,
        Article.similarity, Article.state,
    )  # fmt: skip
    rows = session.execute(
        select(*columns).where(Article.story_id == story_id).order_by(Article.published_at, Article.id).limit(limit)
    )
    return [
        StoryArticle(
            row.id, row.title or row.entry_title, row.url, row.outlet, row.language,
            row.published_at or row.discovered_at, row.agency, row.feed_only, row.duplicate_of, row.similarity,
        )
        for row in rows
        if row.state == "analyzed"
    ]  # fmt: skip
