"""Stories that are looked at again, as they are: which wait, all their members, and what may bear on an article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Story
from worker.storage.stories.membership import Member, list_members, read_placed
from worker.storage.stories.story_keys import find_holders
from worker.storage.stories.story_rows import stories_of
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
        self._window = window
        self._story_of: dict[int, int | None] = {}
        self._members: dict[int, list[Member]] = defaultdict(list)

    def read(self, article_ids: Sequence[int], *, but: Callable[[int], bool]) -> Iterator[Neighbours]:
        """Yield each article with those that share a key with it, near in time or in a story with one that is.

        Others that `but` is true of are left out.
        """
        self._read_stories(article_ids)
        wanted = set(article_ids)
        asked = {
            one.article_id: one.features
            for one in read_placed(self._session, [one for one in self._kin(wanted) if one.article_id in wanted])
        }
        holders = find_holders(self._session, asked, window=self._window)
        self._read_stories({other for shared in holders.values() for other in shared})
        beside = {
            number: [one for one in self._kin(shared) if not but(one.article_id)] for number, shared in holders.items()
        }
        all_of_them = {one.article_id: one for members in beside.values() for one in members}
        said = {one.article_id: one.features for one in read_placed(self._session, list(all_of_them.values()))}
        for number, features in asked.items():
            yield (
                PlacedArticle(number, self._story_of[number] or 0, features),
                {
                    one.article_id: said[one.article_id] for one in beside[number]
                    if one.article_id in holders[number] or self._is_far_kin(features, said[one.article_id])
                },
            )  # fmt: skip

    def _read_stories(self, article_ids: Iterable[int]) -> None:
        found = stories_of(self._session, [one for one in article_ids if one not in self._story_of])
        self._story_of |= found
        unread = {story_id for story_id in found.values() if story_id is not None and story_id not in self._members}
        for member in list_members(self._session, unread):
            self._members[member.story_id].append(member)
            self._story_of[member.article_id] = member.story_id

    def _kin(self, article_ids: Iterable[int]) -> list[Member]:
        """The members of the articles' stories."""
        story_ids = {self._story_of.get(article_id) for article_id in article_ids} - {None}
        return [member for story_id in story_ids for member in self._members[story_id or 0]]

    def _is_far_kin(self, one: StoryFeatures, other: StoryFeatures) -> bool:
        """Whether two share a key that appeared too far apart for the index to say so."""
        return abs(one.published - other.published) > self._window and not set(one.keys).isdisjoint(other.keys)
