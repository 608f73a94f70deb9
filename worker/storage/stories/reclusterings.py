"""Stories that are looked at again, as they are: which wait, all their members, and what may bear on an article."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Story
from worker.storage.stories.membership import Member, list_members, list_reports, read_placed
from worker.storage.stories.story_keys import Neighbourhood
from worker.stories import PlacedArticle, StoryFeatures

_CHUNK = 500

Neighbours = tuple[PlacedArticle, Mapping[int, StoryFeatures]]
"""An article, and by their ids the others that it may have to do with."""


def next_unsettled(session: Session) -> int | None:
    """Return the story that has waited longest to be looked at again."""
    return next(iter(unsettled_stories(session, limit=1)), None)


def unsettled_stories(session: Session, *, limit: int | None = None) -> Sequence[int]:
    """Return the stories that wait to be looked at again, those first that have waited longest."""
    waiting = select(Story.id).where(Story.unsettled_at.is_not(None), Story.merged_into.is_(None))
    return session.scalars(waiting.order_by(Story.unsettled_at, Story.id).limit(limit)).all()


def unsettled_since(session: Session, story_ids: Sequence[int]) -> dict[int, datetime | None]:
    """Return since when each of the stories waits to be looked at again; None for one that does not."""
    found: dict[int, datetime | None] = {}
    for start in range(0, len(story_ids), _CHUNK):
        chunk = story_ids[start : start + _CHUNK]
        found.update(dict(session.execute(select(Story.id, Story.unsettled_at).where(Story.id.in_(chunk))).all()))
    return found


def articles_by_story(session: Session, story_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the numbers of the stories' members."""
    found: dict[int, list[int]] = {story_id: [] for story_id in story_ids}
    for member in list_members(session, story_ids):
        found[member.story_id].append(member.article_id)
    return found


class NeighbourReader:
    """What articles may have to do with, as one snapshot has it: rows that were read are kept."""

    def __init__(self, session: Session, *, window: timedelta) -> None:
        self._session = session
        self._neighbourhood = Neighbourhood(session, window=window)
        self._members: dict[int, Member] = {}

    def read(self, article_ids: Sequence[int], *, but: Callable[[int], bool]) -> Iterator[Neighbours]:
        """Yield each article with its neighbours. Others that `but` is true of are left out."""
        asked = {one.article_id: one for one in self._read_placed(article_ids)}
        found = self._neighbourhood.neighbours({number: one.features for number, one in asked.items()})
        others = {other for neighbours in found.values() for other in neighbours if not but(other)}
        said = {one.article_id: one.features for one in self._read_placed(others)}
        for number, placed in asked.items():
            yield placed, {other: said[other] for other in found[number] if other in said}

    def _read_placed(self, article_ids: Iterable[int]) -> list[PlacedArticle]:
        wanted = sorted(article_ids)
        unread = [number for number in wanted if number not in self._members]
        self._members.update({member.article_id: member for member in list_reports(self._session, unread)})
        return read_placed(self._session, [self._members[number] for number in wanted if number in self._members])
