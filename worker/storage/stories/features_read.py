"""What articles say, by their stored vectors: decoded once, and remembered for as long as it is asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from sys import intern
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import Article
from worker.stories import StoryFeatures, keys_of

_REMEMBERED = 6_000  # articles a database, at about 13 KB; those asked for last
_CHUNK = 500

Saying = tuple[str | None, str | None, str | None]
"""By what a remembered article is known to say the same: title, hash of the text, language."""

_Memory = OrderedDict[tuple[int, Saying], StoryFeatures]

_memories: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()


def remember_features(session: Session, sayings: Mapping[int, Saying]) -> dict[int, StoryFeatures]:
    """Return the features of the articles by their ids; the date of what is remembered may be an older one.

    What has no hash was never read, and is not remembered. Nothing here outlives the process or decides anything:
    it is what the rows hold, decoded.
    """
    memory = _memories.setdefault(session.get_bind().engine, OrderedDict())
    found = {}
    for article_id, saying in sayings.items():
        if (kept := memory.get((article_id, saying))) is not None:
            memory.move_to_end((article_id, saying))
            found[article_id] = kept
    missing = [article_id for article_id in sayings if article_id not in found]
    for article_id, features in _read(session, missing).items():
        found[article_id] = features
        if sayings[article_id][1]:
            memory[article_id, sayings[article_id]] = features
    while len(memory) > _REMEMBERED:
        memory.popitem(last=False)
    return found


def _read(session: Session, article_ids: Sequence[int]) -> dict[int, StoryFeatures]:
    columns = (Article.id, Article.vector, Article.language, Article.published_at, Article.discovered_at)
    found = {}
    for start in range(0, len(article_ids), _CHUNK):
        chunk = article_ids[start : start + _CHUNK]
        for row in session.execute(select(*columns).where(Article.id.in_(chunk))):
            vector = {intern(term): weight for term, weight in (row.vector or {}).items()}
            published = row.published_at or row.discovered_at
            found[row.id] = StoryFeatures(vector, keys_of(vector), row.language, published)
    return found
