"""Stories as people look at them: each with its life and with what happened to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from models import Article, Story, StoryEvent, TopicMatch
from worker import stories

_EVENTS = 200  # the newest ones
_QUOTED = 3  # sentences of each report


@dataclass(frozen=True, slots=True)
class StoryHappening:
    """What happened to a story: opened, joined, left, moved, merged or split.

    `other_story_id` is the story that an article came from, or that this one went into.
    """

    at: datetime
    kind: str
    article_id: int | None
    other_story_id: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A stored story. `life` is None where all its reports went elsewhere, mostly to `merged_into`."""

    id: int
    revision: int
    merged_into: int | None
    topics: tuple[str, ...]
    life: stories.StoryLife | None
    history: tuple[StoryHappening, ...] = ()


def as_member(row: Article) -> stories.StoryMember:
    """Return an article as its story's life is told from it; text and vector must be loaded."""
    return stories.StoryMember(
        article_id=row.id, title=row.title or row.entry_title, outlet=row.outlet, language=row.language,
        published=row.published_at or row.discovered_at, seen=row.discovered_at,
        read=row.analyzed_at or row.discovered_at, text="" if row.duplicate_of else row.text,
        vector=row.vector or {}, revision=row.story_revision or 0, copy_of=row.duplicate_of, changed=row.updated_at,
    )  # fmt: skip


def read_story(
    session: Session, story_id: int, *, language: str | None = None, since: datetime | None = None
) -> StoryRecord | None:
    """Return the story with its history; `language` and `since` are those of `stories.tell_life`."""
    row = session.get(Story, story_id)
    if row is None:
        return None
    (found,) = _records(session, [row], language=language, since=since)
    events = session.scalars(
        select(StoryEvent)
        .where(StoryEvent.story_id == story_id)
        .order_by(StoryEvent.at.desc(), StoryEvent.id.desc())
        .limit(_EVENTS)
    )
    history = [StoryHappening(one.at, one.kind, one.article_id, one.other_story_id, one.detail) for one in events]
    return StoryRecord(found.id, found.revision, found.merged_into, found.topics, found.life, tuple(reversed(history)))


def list_stories(
    session: Session, *, topic: str | None = None, since: datetime | None = None, language: str | None = None,
    limit: int = 20,
) -> list[StoryRecord]:  # fmt: skip
    """Return the stories that got a report since then, on that topic, the latest first; without their history."""
    statement = select(Story).where(Story.merged_into.is_(None), Story.size > 0)
    if since is not None:
        statement = statement.where(Story.developed_at > since)
    if topic is not None:
        on_topic = select(Article.story_id).join(TopicMatch, TopicMatch.article_id == Article.id)
        statement = statement.where(Story.id.in_(on_topic.where(TopicMatch.topic == topic)))
    rows = session.scalars(statement.order_by(Story.developed_at.desc(), Story.id.desc()).limit(limit)).all()
    return _records(session, rows, language=language, since=since)


def _records(
    session: Session, rows: Sequence[Story], *, language: str | None, since: datetime | None
) -> list[StoryRecord]:
    ids = [row.id for row in rows]
    members: dict[int | None, list[stories.StoryMember]] = defaultdict(list)
    within = select(Article).where(Article.story_id.in_(ids)).order_by(Article.id)
    for article in session.scalars(within.options(undefer(Article.text), undefer(Article.vector))):
        if article.state == "analyzed":  # not in the statement: SQLite would go by that, which nearly all have
            members[article.story_id].append(as_member(article))
    topics: dict[int | None, set[str]] = defaultdict(set)
    matched = select(Article.story_id, TopicMatch.topic).join(TopicMatch, TopicMatch.article_id == Article.id)
    for story_id, topic in session.execute(matched.where(Article.story_id.in_(ids))):
        topics[story_id].add(topic)
    return [
        StoryRecord(
            row.id, row.revision, row.merged_into, tuple(sorted(topics[row.id])),
            stories.tell_life(members[row.id], language=language, since=since, quoted=_QUOTED),
        )
        for row in rows
    ]  # fmt: skip
