"""Stories, found by rare terms, and forgotten by that index when they are over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Article, Story, StoryKey
from worker.storage.stories.membership import read_members
from worker.stories import StoryCandidate, StoryFeatures

_CANDIDATES = 50
_CHUNK = 500


def find_stories(session: Session, features: StoryFeatures, *, window: timedelta) -> list[StoryCandidate]:
    """Return the stories near in time that share a rare term with the article, the closest 50, with their members."""
    if not features.keys:
        return []
    shared = (
        select(StoryKey.story_id)
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
    )
    members: dict[int, list[StoryFeatures]] = defaultdict(list)
    for placed in read_members(session, session.scalars(shared).all()):
        members[placed.story_id].append(placed.features)
    return [StoryCandidate(story_id, tuple(said)) for story_id, said in sorted(members.items())]


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
