"""Snapshots of stories that are looked at again: each a story as it is, with all that bears on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Story, StoryKey
from worker.storage.stories.membership import read_members
from worker.stories import PlacedArticle, StorySettings, bear_on_each_other

_NEIGHBOURS = 50  # of one story: those that share most keys with it
_MAX_ARTICLES = 1000
_MAX_STORIES = 300


@dataclass(frozen=True, slots=True)
class StorySnapshot:
    """Whole stories as they were read. `settled` are those all of whose neighbours are among them.

    `complete` says that this is so for all. `unsettled` is, for each story, since when it waits to be looked at.
    """

    articles: tuple[PlacedArticle, ...]
    unsettled: Mapping[int, datetime | None]
    settled: tuple[int, ...]
    complete: bool


def next_unsettled(session: Session) -> int | None:
    """Return the story that has waited longest to be looked at again."""
    waiting = select(Story.id).where(Story.unsettled_at.is_not(None), Story.merged_into.is_(None))
    return session.scalar(waiting.order_by(Story.unsettled_at, Story.id).limit(1))


def read_snapshot(session: Session, seed: int, *, rules: StorySettings) -> StorySnapshot:
    """Read the story, what bears on it, what bears on that, and so on: at most 1000 articles in 300 stories."""
    rows = {seed: _read(session, [seed])[seed]}
    members = _members_by_story(session, [seed])
    frontier, found, bordering = [seed], {seed}, set[int]()
    for story_id in frontier:
        near = [other for other in _neighbours(session, story_id, rows[story_id], rules.window) if other not in found]
        unread = [other for other in near if other not in rows]
        rows |= _read(session, unread)
        members |= _members_by_story(session, unread)
        here = [placed.features for placed in members[story_id]]
        for other in near:
            if not bear_on_each_other(here, [placed.features for placed in members[other]], settings=rules):
                continue
            articles = sum(len(members[one]) for one in found)
            if len(found) >= _MAX_STORIES or articles + len(members[other]) > _MAX_ARTICLES:
                bordering.add(story_id)
                continue
            found.add(other)
            frontier.append(other)
    settled = tuple(sorted({seed} | (found - bordering)))
    placed = sorted((one for story_id in found for one in members[story_id]), key=lambda one: one.article_id)
    unsettled = {story_id: rows[story_id].unsettled_at for story_id in found}
    return StorySnapshot(tuple(placed), unsettled, settled, complete=not bordering)


def _read(session: Session, story_ids: Sequence[int]) -> dict[int, Story]:
    """By id: the stories' rows, without what is large in them."""
    if not story_ids:
        return {}
    return {story.id: story for story in session.scalars(select(Story).where(Story.id.in_(story_ids)))}


def _members_by_story(session: Session, story_ids: Sequence[int]) -> dict[int, list[PlacedArticle]]:
    found: dict[int, list[PlacedArticle]] = {story_id: [] for story_id in story_ids}
    for placed in read_members(session, story_ids):
        found[placed.story_id].append(placed)
    return found


def _neighbours(session: Session, story_id: int, story: Story, window: timedelta) -> Sequence[int]:
    keys = select(StoryKey.key).where(StoryKey.story_id == story_id)
    shared = (
        select(StoryKey.story_id)
        .join(Story, Story.id == StoryKey.story_id)
        .where(
            StoryKey.key.in_(keys),
            Story.id != story_id,
            Story.last_published_at >= story.first_published_at - window,
            Story.first_published_at <= story.last_published_at + window,
            Story.merged_into.is_(None),
        )
        .group_by(StoryKey.story_id)
        .order_by(func.count().desc(), StoryKey.story_id)
        .limit(_NEIGHBOURS)
    )
    return sorted(session.scalars(shared))
