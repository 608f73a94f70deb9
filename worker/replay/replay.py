"""A replay: an archive run through the real path, in a database of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from worker import pages, topics
from worker.analysis.json_values import plain
from worker.analysis.judgement import Judgement, judge
from worker.analysis.placing import place
from worker.analysis.recluster_stories import recluster_next
from worker.errors import ConfigurationError, StorageError
from worker.replay.archive import ArchivedArticle, arrivals
from worker.setup.analysis_deps import AnalysisRules
from worker.storage.articles import discoveries
from worker.storage.db import migrations
from worker.storage.db.database import Database
from worker.storage.db.session import Session
from worker.storage.reports.placements import Placement, count_articles, read_placements

_BATCH = 200

Watch = Callable[[Iterable[object]], Iterable[object]]
"""Is handed something for each article, and passes it on as they are read."""


def replay_archive(
    archive: Sequence[ArchivedArticle],
    rules: AnalysisRules,
    database: Database,
    *,
    band: topics.Band = topics.DEFAULT_BAND,
    watch: Watch = iter,
) -> list[dict[str, Any]]:
    """Read the articles in turn and return each one's fixed form, in order. The database must be empty.

    Of its topics those are told that `band` includes, each with its score.

    Raises `StorageError` when an article was not placed.
    """
    times = arrivals([article.published for article in archive])
    ids = list(_read_in_turn(archive, times, rules, database, watch))
    return settled_forms(archive, ids, rules, database, band)


def settled_forms(
    archive: Sequence[ArchivedArticle],
    ids: Sequence[int],
    rules: AnalysisRules,
    database: Database,
    band: topics.Band = topics.DEFAULT_BAND,
) -> list[dict[str, Any]]:
    """Return each article's fixed form, in order, once all of them were read; `ids` are their numbers.

    Copies and stories are those the service holds a few minutes after the last article: looked at again, with all
    the articles known. Raises `StorageError` when an article was not placed.
    """
    if not archive:
        return []
    last = max(arrivals([article.published for article in archive]))
    while recluster_next(database, rules=rules.stories, now=last).waiting:
        pass
    with database.reading() as session:
        found = read_placements(session, ids)
        if lost := [article.id for article, article_id in zip(archive, ids, strict=True) if article_id not in found]:
            raise StorageError(f"{len(lost)} articles were not placed, the first is {lost[0]!r:.60}")
        lines = dict(zip(ids, (article.id for article in archive), strict=True))
        return [_form(article_id, found[article_id], lines, band) for article_id in ids]


@contextmanager
def replay_database(url: str | None) -> Iterator[Database]:
    """Yield the empty database of that URL, or one that is thrown away. Raises `ConfigurationError` for a full one."""
    if url is None:
        with _scratch_database() as database:
            yield database
        return
    database = Database(url)
    try:
        migrations.upgrade(database)
        with database.reading() as session:
            if count := count_articles(session):
                raise ConfigurationError(f"the database has {count} articles already: an archive needs an empty one")
        yield database
    finally:
        database.close()


def judge_article(article: ArchivedArticle, at: datetime, rules: AnalysisRules) -> Judgement:
    """Return what the article is by itself, as it is read when it arrives."""
    clean, wall = pages.clean_plain_text(article.text, title=article.title or None)
    extracted = pages.ExtractedArticle(
        kind=pages.PageKind.NOT_AN_ARTICLE if wall else pages.PageKind.ARTICLE, title=article.title, text=clean.text,
        reason=wall, published=article.published, language=article.language or pages.detect_language(clean.text),
        removed=clean.removed,
    )  # fmt: skip
    outlet = pages.site_key(article.url)
    return judge(extracted, published=at, outlet=outlet, topic_set=rules.topic_set)


def discover_article(session: Session, article: ArchivedArticle, at: datetime) -> int:
    """Store the article as if a feed had listed it, and return its number.

    The same address may arrive twice in an archive: here an article is known by its line's id.
    """
    announced = discoveries.NewArticle(
        key=f"replay:{article.id}", url=article.url, entry_id=article.id, title=article.title, body="",
        published=article.published, language=article.language, has_page=False,
    )  # fmt: skip
    found = discoveries.discover(session, None, pages.site_key(article.url), [announced], now=at)
    return found[0].id


def _read_in_turn(
    archive: Sequence[ArchivedArticle],
    times: Sequence[datetime],
    rules: AnalysisRules,
    database: Database,
    watch: Watch,
) -> Iterator[int]:
    arriving = zip(archive, times, watch(archive), strict=True)
    judged = ((article, at, judge_article(article, at, rules)) for article, at, _ in arriving)
    while batch := list(islice(judged, _BATCH)):
        with database.transaction() as session:
            for article, at, judgement in batch:
                article_id = discover_article(session, article, at)
                place(session, article_id, judgement, now=at, rules=rules.copies, story_rules=rules.stories)
                yield article_id


def _form(article_id: int, placed: Placement, lines: dict[int, str], band: topics.Band) -> dict[str, Any]:
    copied = placed.duplicate
    return {
        "id": lines[article_id],
        "duplicate_of": None if copied.duplicate_of is None else lines[copied.duplicate_of],
        "duplicate_kind": copied.kind.value,
        "similarity": copied.similarity,
        "story": placed.story_id,
        "topics": [
            {
                "topic": match.topic,
                "score": match.score,
                "band": match.band.value,
                "spans": plain(match.spans),
            }
            for match in placed.matches
            if match.band in band.included
        ],
    }


@contextmanager
def _scratch_database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="storywatch-replay-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'replay.db'}")
        try:
            migrations.upgrade(database)
            yield database
        finally:
            database.close()
