"""Stories: found by rare terms, opened, joined, and forgotten by the index when they are over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, undefer

from models import Article, Story, StoryEvent, StoryKey
from worker.storage.db.inserts import insert_missing
from worker.storage.stories.embeddings import pack_embedding, unpack_embedding
from worker.stories import StoryAssignment, StoryCandidate, StoryFeatures, StoryTotals

_CANDIDATES = 50

SUMS = (undefer(Story.total), undefer(Story.embedding))
"""What `as_candidate` needs of a story besides its row."""


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
    found = select(Story).join(shared, shared.c.story_id == Story.id).order_by(Story.id).options(*SUMS)
    return [as_candidate(row) for row in session.scalars(found)]


def join_story(
    session: Session,
    article_id: int,
    features: StoryFeatures,
    assignment: StoryAssignment,
    totals: StoryTotals,
    *,
    now: datetime,
) -> int:
    """Put the article into its story, opening one when the assignment says so; return the story's id."""
    row = session.get(Story, assignment.story_id) if assignment.story_id is not None else None
    if row is None:
        row = Story(created_at=now, revision=0)
        session.add(row)
    row.total, row.size, row.languages = dict(totals.total), totals.size, list(totals.languages)
    row.embedding = pack_embedding(totals.embedding)
    row.first_published_at, row.last_published_at = totals.first_published, totals.last_published
    row.developed_at, row.revision, row.unsettled_at = now, row.revision + 1, now
    session.flush()
    kind = "opened" if row.revision == 1 else "joined"
    session.add(StoryEvent(story_id=row.id, at=now, kind=kind, article_id=article_id))
    insert_missing(session, StoryKey, [{"key": key[:64], "story_id": row.id} for key in features.keys], by=("key",))
    _mark(session, article_id, row, assignment, features)
    return row.id


def prune_keys(session: Session, *, before: datetime) -> int:
    """Take stories that were over before that moment out of the index; they themselves stay."""
    over = select(Story.id).where(Story.last_published_at < before)
    return session.connection().execute(delete(StoryKey).where(StoryKey.story_id.in_(over))).rowcount


def _mark(
    session: Session, article_id: int, story: Story, assignment: StoryAssignment, features: StoryFeatures
) -> None:
    session.execute(
        update(Article)
        .where(Article.id == article_id)
        .values(
            story_id=story.id,
            story_revision=story.revision,
            story_score=assignment.score,
            story_evidence=[list(pair) for pair in assignment.evidence],
            vector=dict(features.vector),
            embedding=pack_embedding(features.embedding),
        )
        .execution_options(synchronize_session=False)
    )


def as_candidate(row: Story, *, total: Mapping[str, float] | None = None, size: int | None = None) -> StoryCandidate:
    """Return the story as assignment sees it; `total` and `size` stand in for its own."""
    return StoryCandidate(
        story_id=row.id, size=row.size if size is None else size, total=row.total if total is None else total,
        first_published=row.first_published_at, last_published=row.last_published_at, languages=tuple(row.languages),
        embedding=unpack_embedding(row.embedding),
    )  # fmt: skip
