"""Running an archive through the real path, in a database of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from worker import pages, stories, topics
from worker.analysis.copy_candidates import MEASURED, DuplicateRules, compare, find_candidates
from worker.analysis.judgement import Embed, Judgement, judge
from worker.analysis.placing import place
from worker.analysis.recluster_stories import recluster_next
from worker.cli.terminal import plain
from worker.errors import ConfigurationError, StorageError
from worker.replay.archive import ArchivedArticle, arrivals
from worker.storage.articles import article_rows
from worker.storage.db import migrations
from worker.storage.db.database import Database, serialize_stories
from worker.storage.reports.placements import Placement, count_articles, read_placements

_BATCH = 200
_TOLD_BANDS = (topics.Band.STRICT, topics.Band.BALANCED)

Watch = Callable[[Iterable[object]], Iterable[object]]
"""Is handed something for each article, and passes it on as they are read."""


@dataclass(frozen=True, slots=True)
class ReplayRules:
    """What articles are judged by: the topics, when two are copies or of one story, and a model if there is one."""

    topic_set: topics.TopicSet
    copies: DuplicateRules = MEASURED
    stories: stories.StorySettings = stories.MEASURED
    embed: Embed | None = None


def replay_archive(
    archive: Sequence[ArchivedArticle],
    rules: ReplayRules,
    database: Database,
    *,
    read_at_once: Callable[[Sequence[int]], Iterable[object]] | None = None,
    watch: Watch = iter,
) -> list[dict[str, Any]]:
    """Return each article's fixed form, in order. The database must be empty.

    Copies and stories are those the service holds a few minutes after the last article: looked at again, with all
    the articles known. Articles are read in turn; or, given `read_at_once`, by that: it is handed their ids.
    Raises `StorageError` when an article was not placed.
    """
    if not archive:
        return []
    times = arrivals([article.published for article in archive])
    if read_at_once is None:
        ids = list(_read_in_turn(archive, times, rules, database, watch))
    else:
        with database.transaction() as session:
            ids = [_discover(session, article, at) for article, at in zip(archive, times, strict=True)]
        for _ in watch(read_at_once(ids)):
            pass
    while recluster_next(database, rules=rules.stories, now=max(times)).waiting:
        pass
    with database.reading() as session:
        found = read_placements(session, ids)
        if lost := [article.id for article, article_id in zip(archive, ids, strict=True) if article_id not in found]:
            raise StorageError(f"{len(lost)} articles were not placed, the first is {lost[0]!r:.60}")
        lines = dict(zip(ids, (article.id for article in archive), strict=True))
        return [_form(article_id, found[article_id], lines) for article_id in ids]


def read_share(
    archive: Sequence[ArchivedArticle], ids: Sequence[int], rules: ReplayRules, database: Database,
    *, first: int, step: int,
) -> Iterator[None]:  # fmt: skip
    """Read every `step`-th article beside other processes, just as the service would; yield after each.

    Then look at the stories again, as the clock would have it, while others may still read.
    """
    times = arrivals([article.published for article in archive])
    for number in range(first, len(archive), step):
        article_id, now = ids[number], times[number]
        judgement = _judge(archive[number], now, rules)
        with database.reading() as session:
            candidates = find_candidates(session, article_id, judgement, rules=rules.copies)
        alike = compare(candidates, rules=rules.copies)
        with database.transaction() as session:
            serialize_stories(session)
            place(session, article_id, judgement, now=now, rules=rules.copies, story_rules=rules.stories, before=alike)
        yield
    while recluster_next(database, rules=rules.stories, now=max(times)).waiting:
        pass


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


def _read_in_turn(
    archive: Sequence[ArchivedArticle], times: Sequence[datetime], rules: ReplayRules, database: Database, watch: Watch
) -> Iterator[int]:
    arriving = zip(archive, times, watch(archive), strict=True)
    judged = ((article, at, _judge(article, at, rules)) for article, at, _ in arriving)
    while batch := list(islice(judged, _BATCH)):
        with database.transaction() as session:
            for article, at, judgement in batch:
                article_id = _discover(session, article, at)
                place(session, article_id, judgement, now=at, rules=rules.copies, story_rules=rules.stories)
                yield article_id


def _judge(article: ArchivedArticle, at: datetime, rules: ReplayRules) -> Judgement:
    clean = pages.strip_boilerplate(article.text, title=article.title or None)
    extracted = pages.ExtractedArticle(
        kind=pages.PageKind.ARTICLE, title=article.title, text=clean.text, published=article.published,
        language=article.language or pages.detect_language(clean.text), removed=clean.removed,
    )  # fmt: skip
    outlet = pages.site_key(article.url)
    return judge(extracted, published=at, outlet=outlet, topic_set=rules.topic_set, embed=rules.embed)


def _discover(session: Session, article: ArchivedArticle, at: datetime) -> int:
    """The same address may arrive twice in an archive: here an article is known by its line's id."""
    announced = article_rows.NewArticle(
        key=f"replay:{article.id}", url=article.url, entry_id=article.id, title=article.title, body="",
        published=article.published, language=article.language, has_page=False,
    )  # fmt: skip
    found = article_rows.discover(session, None, pages.site_key(article.url), [announced], now=at)
    return found[0].id


def _form(article_id: int, placed: Placement, lines: dict[int, str]) -> dict[str, Any]:
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
            if match.band in _TOLD_BANDS
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
