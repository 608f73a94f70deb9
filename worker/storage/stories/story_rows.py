"""Stories near an article, and the story that articles are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article
from worker.storage.stories.membership import read_members
from worker.storage.stories.story_keys import find_holders
from worker.stories import StoryCandidate, StoryFeatures

_NEAREST = 20
"""Reports whose stories are looked at as an article arrives; what that misses is found by reclustering."""
_CHUNK = 500


def find_stories(session: Session, features: StoryFeatures, *, window: timedelta) -> list[StoryCandidate]:
    """Return the stories of the reports near in time that share most keys with the article, with all their members."""
    shared = find_holders(session, features, window=window)
    nearest = sorted(shared, key=lambda report: (-shared[report], report))[:_NEAREST]
    story_ids = {story_id for story_id in stories_of(session, nearest).values() if story_id is not None}
    members: dict[int, list[StoryFeatures]] = defaultdict(list)
    for placed in read_members(session, story_ids):
        members[placed.story_id].append(placed.features)
    return [StoryCandidate(story_id, tuple(said)) for story_id, said in sorted(members.items())]


def stories_of(session: Session, article_ids: Iterable[int]) -> dict[int, int | None]:
    """Return the story each of the articles is in now."""
    wanted, found = list(article_ids), {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found.update(dict(session.execute(select(Article.id, Article.story_id).where(Article.id.in_(chunk))).all()))
    return found
