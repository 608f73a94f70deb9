"""Snapshots of stories that are looked at again: each a story as it is, with all that bears on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Story, StoryKey
from worker.storage.stories.membership import read_members
from worker.storage.stories.story_rows import SUMS, sums_of
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
    seen = {seed: session.get_one(Story, seed, options=SUMS)}
    frontier, found, bordering, articles = [seed], {seed}, set[int](), seen[seed].size
    for story_id in frontier:
        story = seen[story_id]
        near = [other for other in _neighbours(session, story, rules.window) if other not in found]
        seen |= _read(session, [other for other in near if other not in seen])
        for other in near:
            if not bear_on_each_other(sums_of(story), sums_of(seen[other]), settings=rules):
                continue
            if len(found) >= _MAX_STORIES or articles + seen[other].size > _MAX_ARTICLES:
                bordering.add(story_id)
                continue
            found.add(other)
            frontier.append(other)
            articles += seen[other].size
    settled = tuple(sorted({seed} | (found - bordering)))
    members = tuple(read_members(session, sorted(found)))
    unsettled = {story_id: seen[story_id].unsettled_at for story_id in found}
    return StorySnapshot(members, unsettled, settled, complete=not bordering)


def _read(session: Session, story_ids: Sequence[int]) -> dict[int, Story]:
    """By id: the stories with their totals, whose decoding is most of what a snapshot costs."""
    statement = select(Story).where(Story.id.in_(story_ids)).options(*SUMS)
    return {story.id: story for story in session.scalars(statement)} if story_ids else {}


def _neighbours(session: Session, story: Story, window: timedelta) -> Sequence[int]:
    keys = select(StoryKey.key).where(StoryKey.story_id == story.id)
    shared = (
        select(StoryKey.story_id)
        .join(Story, Story.id == StoryKey.story_id)
        .where(
            StoryKey.key.in_(keys),
            Story.id != story.id,
            Story.last_published_at >= story.first_published_at - window,
            Story.first_published_at <= story.last_published_at + window,
            Story.merged_into.is_(None),
        )
        .group_by(StoryKey.story_id)
        .order_by(func.count().desc(), StoryKey.story_id)
        .limit(_NEIGHBOURS)
    )
    return sorted(session.scalars(shared))
