"""The inverted index of stories: by rare terms, the reports that say them, with their dates."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from models import Article, Story, StoryKey
from worker.storage.db.inserts import insert_missing
from worker.stories import StoryFeatures

_FEW, _CROWD = 20, 300
"""Reports within the window of two that share a term: what few of them say ties the two by itself, what more say only
with another such term, and what a crowd says does not. So however much comes in, a report has about as many neighbours:
50 of 2,500 reports within three days, 59 of 10,000, where any term that 300 say would give it 150 and 300. And those of
an event that 300 tell all know each other. On the development sets no figure is lower for it.
"""
_CHUNK = 400
_DROP = delete(StoryKey).where(StoryKey.article_id.in_(bindparam("articles", expanding=True)))
_NEAR = (
    StoryKey.key.in_(bindparam("keys", expanding=True)),
    StoryKey.published_at.between(bindparam("first"), bindparam("last")),
)
_TELLING = select(StoryKey.key).where(*_NEAR).group_by(StoryKey.key).having(func.count() <= bindparam("crowd"))
_HOLDERS = select(StoryKey.article_id).where(*_NEAR, StoryKey.key.in_(_TELLING))


def write_keys(session: Session, article_id: int, features: StoryFeatures) -> None:
    """Let the report be found by the keys of these features, and by no others."""
    drop_keys(session, [article_id])
    rows = [{"key": key[:64], "published_at": features.published, "article_id": article_id} for key in features.keys]
    insert_missing(session, StoryKey, rows, by=("key", "article_id"))


def drop_keys(session: Session, article_ids: Iterable[int]) -> None:
    """Let the articles be found no more."""
    wanted = list(article_ids)
    if wanted:
        session.connection().execute(_DROP, {"articles": wanted})


def find_holders(session: Session, features: StoryFeatures, *, window: timedelta) -> Counter[int]:
    """Return the reports within the window of one that comes in, by how many keys they share with it.

    Keys that a crowd within its own window shares are not even read.
    """
    keys, published = [key[:64] for key in features.keys], features.published
    given = {"keys": keys, "first": published - window, "last": published + window, "crowd": _CROWD}
    return Counter(session.scalars(_HOLDERS, given)) if keys else Counter()


@dataclass(slots=True)
class _Said:
    """Who says a key, in the order of their dates, as far as it was read: from `first` to `last`."""

    first: datetime
    last: datetime
    dates: list[datetime] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)

    def shared_with(self, published: datetime, window: timedelta, most: int) -> Iterable[int]:
        """Those within the window of one of that date, where no more than so many are within the windows of both.

        Whoever of two is asked, they lie between the later's window's beginning and the earlier's window's end.
        """
        begin, end = bisect_left(self.dates, published - window), bisect_right(self.dates, published + window)
        own = bisect_right(self.dates, published)
        before, after = own, own
        if begin + most < len(self.dates):
            before = min(own, bisect_left(self.dates, self.dates[begin + most] - window))
        if end - most > 0:
            after = max(own, bisect_right(self.dates, self.dates[end - most - 1] + window))
        return chain(self.articles[begin:before], self.articles[after:end])


class Neighbourhood:
    """Which reports may have to do with each other, as one snapshot of the index has it: what was read is kept."""

    def __init__(self, session: Session, *, window: timedelta) -> None:
        self._session = session
        self._window = window
        self._said: dict[str, _Said] = {}

    def neighbours(self, reports: Mapping[int, StoryFeatures]) -> dict[int, set[int]]:
        """Return for each of the reports those it may have to do with: they share a key that few say, or two.

        Each is a neighbour of its neighbours.
        """
        if not reports:
            return {}
        dates = [features.published for features in reports.values()]
        keys = {key[:64] for features in reports.values() for key in features.keys}
        self._read(keys, min(dates) - self._window, max(dates) + self._window)
        return {number: self._of(features) - {number} for number, features in reports.items()}

    def _of(self, features: StoryFeatures) -> set[int]:
        found, shared = set[int](), Counter[int]()
        for key in features.keys:
            said = self._said[key[:64]]
            found.update(said.shared_with(features.published, self._window, _FEW))
            shared.update(said.shared_with(features.published, self._window, _CROWD))
        return found.union(number for number, count in shared.items() if count > 1)

    def _read(self, keys: Iterable[str], first: datetime, last: datetime) -> None:
        """Read who says the keys between two moments, where that is not known yet, and some days beyond."""
        unread = [
            key for key in keys if (said := self._said.get(key)) is None or said.first > first or said.last < last
        ]
        known = [self._said[key] for key in unread if key in self._said]
        first = min([first - self._window, *(said.first for said in known)])
        last = max([last + self._window, *(said.last for said in known)])
        self._said.update({key: _Said(first, last) for key in unread})
        for start in range(0, len(unread), _CHUNK):
            for key, article_id, published in self._session.execute(
                _holders(unread[start : start + _CHUNK], first, last)
            ):
                self._said[key].dates.append(published)
                self._said[key].articles.append(article_id)


def _holders(keys: Sequence[str], first: datetime, last: datetime) -> Select[str, int, datetime]:
    chosen = select(StoryKey.key, StoryKey.article_id, StoryKey.published_at)
    near = StoryKey.key.in_(keys), StoryKey.published_at.between(first, last)
    return chosen.where(*near).order_by(StoryKey.key, StoryKey.published_at, StoryKey.article_id)


def prune_keys(session: Session, *, before: datetime) -> int:
    """Take the reports of stories that were over before that moment out of the index; they themselves stay."""
    over = select(Article.id).join(Story, Story.id == Article.story_id).where(Story.last_published_at < before)
    return session.connection().execute(delete(StoryKey).where(StoryKey.article_id.in_(over))).rowcount
