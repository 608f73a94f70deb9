"""The inverted index of stories: by rare terms, the reports that say them, with their dates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Article, Story, StoryKey
from worker.storage.db.inserts import insert_missing
from worker.stories import StoryFeatures

_CROWD = 300
"""Reports within the window of one: a term that more of them say tells nothing, and is not looked up.

So what a look-up costs has a bound, however much comes in. Of 2,500 articles on one week's news no term has so many.
"""
_CHUNK = 400


def write_keys(session: Session, article_id: int, features: StoryFeatures) -> None:
    """Let the report be found by the keys of these features, and by no others."""
    drop_keys(session, [article_id])
    rows = [{"key": key[:64], "published_at": features.published, "article_id": article_id} for key in features.keys]
    insert_missing(session, StoryKey, rows, by=("key", "article_id"))


def drop_keys(session: Session, article_ids: Iterable[int]) -> None:
    """Let the articles be found no more."""
    wanted = list(article_ids)
    if wanted:
        session.execute(delete(StoryKey).where(StoryKey.article_id.in_(wanted)))


def find_holders(
    session: Session, reports: Mapping[int, StoryFeatures], *, window: timedelta
) -> dict[int, Counter[int]]:
    """Return for each report the others within the window that share a key with it, and how many they share.

    Keys that a crowd shares are left out.
    """
    if not reports:
        return {}
    dates = [features.published for features in reports.values()]
    keys = sorted({key[:64] for features in reports.values() for key in features.keys})
    holders = _read(session, keys, min(dates) - window, max(dates) + window, alone=len(reports) == 1)
    return {number: _count(number, features, holders, window) for number, features in reports.items()}


def prune_keys(session: Session, *, before: datetime) -> int:
    """Take the reports of stories that were over before that moment out of the index; they themselves stay."""
    over = select(Article.id).join(Story, Story.id == Article.story_id).where(Story.last_published_at < before)
    return session.connection().execute(delete(StoryKey).where(StoryKey.article_id.in_(over))).rowcount


_Holders = Mapping[str, Sequence[tuple[int, datetime]]]


def _read(session: Session, keys: Sequence[str], first: datetime, last: datetime, *, alone: bool) -> _Holders:
    """The holders of each key between two moments; of one report `alone` without those keys that a crowd shares."""
    found: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for start in range(0, len(keys), _CHUNK):
        near = StoryKey.key.in_(keys[start : start + _CHUNK]), StoryKey.published_at.between(first, last)
        chosen = select(StoryKey.key, StoryKey.article_id, StoryKey.published_at).where(*near)
        if alone:
            telling = select(StoryKey.key).where(*near).group_by(StoryKey.key).having(func.count() <= _CROWD)
            chosen = chosen.where(StoryKey.key.in_(telling))
        for key, article_id, published in session.execute(chosen):
            found[key].append((article_id, published))
    return found


def _count(number: int, features: StoryFeatures, holders: _Holders, window: timedelta) -> Counter[int]:
    first, last = features.published - window, features.published + window
    shared: Counter[int] = Counter()
    for key in features.keys:
        near = [article_id for article_id, published in holders.get(key[:64], ()) if first <= published <= last]
        if len(near) <= _CROWD:
            shared.update(near)
    shared.pop(number, None)
    return shared
