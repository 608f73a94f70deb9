"""The door to the archive: what is wanted goes in, a page of found articles comes out.

The archive is looked through in slices, the newest first: the newest articles that may be wanted are ranked among
each other and shown in pages, and then those older than them. So what a search costs does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, TopicMatch
from worker.storage.db.id_lists import is_one_of
from worker.storage.search.candidates import find_candidates
from worker.storage.search.time_limit import limited
from worker.topics import TopicArticle
from worker.topics.search import ArticleReader, Candidate, Sighting, Wanted, rank

SLICE = 200
"""Articles that are ranked among each other."""
READ_SLICE = 100
"""The same where each of them has to be read, for the index cannot tell all that is asked."""
PAGE = 20


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article that was found, with the words that show it."""

    id: int
    url: str
    outlet: str
    language: str | None
    published: datetime
    story_id: int | None
    copy_of: int | None
    topics: tuple[str, ...]
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of a slice. `pages` is how many the slice has; `older` is where the next slice begins, None at the end.

    `looked_at` is how many articles the slice has, and `read` says that each of them was read to know.
    """

    articles: tuple[FoundArticle, ...]
    page: int
    pages: int
    older: int | None
    looked_at: int
    read: bool


def search(
    session: Session, wanted: Wanted, *, now: datetime, page: int = 1, older: int | None = None, size: int = PAGE
) -> FoundPage:
    """Return a page of what is wanted, among the articles with a number below `older`.

    Raises `SearchError` where the database would need too long.
    """
    with limited(session):
        found = find_candidates(session, wanted, below=older, exact=SLICE, inexact=READ_SLICE)
        reader = ArticleReader(wanted.query)
        candidates = list(found.candidates)
        sightings: dict[int, FoundArticle] = {}
        if found.must_read:
            sightings = _read(session, [one.id for one in candidates], reader)
            candidates = [one for one in candidates if one.id in sightings]
        ranked = rank(candidates, reader.share_in_title, now=now)
        pages = max(1, -(-len(ranked) // size))
        page = min(max(1, page), pages)
        ids = [one.id for one in ranked[(page - 1) * size : page * size]]
        shown = sightings or _read(session, ids, reader)
        articles = _with_topics(session, [shown[each] for each in ids if each in shown])
    return FoundPage(
        articles, page, pages, _next(found.candidates) if found.has_more else None, len(found.candidates),
        found.must_read,
    )  # fmt: skip


def _next(candidates: Sequence[Candidate]) -> int:
    return min(one.id for one in candidates)


_READ = select(
    Article.id, Article.url, Article.outlet, Article.language, Article.published_at, Article.discovered_at,
    Article.story_id, Article.duplicate_of, Article.title, Article.entry_title, Article.text,
).where(is_one_of(Article.id))  # fmt: skip


def _read(session: Session, ids: Sequence[int], reader: ArticleReader) -> dict[int, FoundArticle]:
    """Those of the articles that are what is asked for."""
    found: dict[int, FoundArticle] = {}
    for row in session.execute(_READ, {"ids": ids}):
        seen = reader.read(TopicArticle(row.title or row.entry_title, row.text, row.language, row.outlet))
        if seen is not None:
            found[row.id] = FoundArticle(
                row.id, row.url, row.outlet, row.language, row.published_at or row.discovered_at, row.story_id,
                row.duplicate_of, (), seen,
            )  # fmt: skip
    return found


_TOPICS = select(TopicMatch.article_id, TopicMatch.topic).where(is_one_of(TopicMatch.article_id))


def _with_topics(session: Session, articles: Sequence[FoundArticle]) -> tuple[FoundArticle, ...]:
    topics: dict[int, list[str]] = {}
    rows = session.execute(_TOPICS.order_by(TopicMatch.topic), {"ids": [one.id for one in articles]})
    for article_id, topic in rows:
        topics.setdefault(article_id, []).append(topic)
    return tuple(
        FoundArticle(
            one.id, one.url, one.outlet, one.language, one.published, one.story_id, one.copy_of,
            tuple(topics.get(one.id, ())), one.sighting,
        )
        for one in articles
    )  # fmt: skip
