"""Stories, found by rare terms, and forgotten by that index when they are over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.orm import Session, undefer

from models import Article, Story, StoryKey
from worker.storage.stories.embeddings import unpack_embedding
from worker.stories import StoryCandidate, StoryFeatures, StorySums

_CANDIDATES = 50
_CHUNK = 500

SUMS = (undefer(Story.total), undefer(Story.embedding))
"""What `sums_of` needs of a story besides its row."""


def find_stories(session: Session, features: StoryFeatures, *, window: timedelta) -> list[StoryCandidate]:
    """Return the stories near in time that share a rare term with the article, the closest 50."""
    if not features.keys:
        return []
    shared = (
        select(StoryKey.story_id, func.count().label("keys"))
        .join(Story, Story.id == StoryKey.story_id)
        .where(
            StoryKey.key.in_(features.keys),
            Story.last_published_at >= features.published - window,
            Story.first_published_at <= features.published + window,
            Story.merged_into.is_(None),
        )
        .group_by(StoryKey.story_id)
        .order_by(func.count().desc(), StoryKey.story_id)
        .limit(_CANDIDATES)
        .subquery()
    )
    sums = (
        Story.size,
        Story.total,
        Story.first_published_at,
        Story.last_published_at,
        Story.languages,
        Story.embedding,
    )
    found = select(Story.id, *sums).join(shared, shared.c.story_id == Story.id).order_by(Story.id)
    return [StoryCandidate(row.id, sums_of(row)) for row in session.execute(found)]


def stories_of(session: Session, article_ids: Iterable[int]) -> dict[int, int | None]:
    """Return the story each of the articles is in now."""
    wanted, found = list(article_ids), {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found.update(dict(session.execute(select(Article.id, Article.story_id).where(Article.id.in_(chunk))).all()))
    return found


def prune_keys(session: Session, *, before: datetime) -> int:
    """Take stories that were over before that moment out of the index; they themselves stay."""
    over = select(Story.id).where(Story.last_published_at < before)
    return session.connection().execute(delete(StoryKey).where(StoryKey.story_id.in_(over))).rowcount


def sums_of(row: Story | Row[*tuple[Any, ...]]) -> StorySums:
    """Return what the story's members come to, as stored."""
    return StorySums(
        size=row.size, total=row.total, first_published=row.first_published_at, last_published=row.last_published_at,
        languages=tuple(row.languages), embedding=unpack_embedding(row.embedding),
    )  # fmt: skip
