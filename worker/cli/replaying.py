"""Running an archive through the real path, in a database of its own that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from worker import pages, topics
from worker.cli.archive import ArchivedArticle, arrivals
from worker.cli.terminal import plain
from worker.judging import Judgement, Placement, judge, place
from worker.regrouping import regroup_next
from worker.resemblance import DuplicateRules
from worker.storage import articles, migrations, stories
from worker.storage.database import Database

_BATCH = 200
_TOLD_BANDS = (topics.Band.STRICT, topics.Band.BALANCED)


@dataclass(frozen=True, slots=True)
class _Arrival:
    article: ArchivedArticle
    judgement: Judgement
    at: datetime


def replay_archive(
    archive: Sequence[ArchivedArticle],
    topic_set: topics.TopicSet,
    *,
    window: timedelta,
    rules: DuplicateRules,
    watch: Callable[[Iterable[ArchivedArticle]], Iterable[ArchivedArticle]] = iter,
) -> list[dict[str, Any]]:
    """Return each article's fixed form, in order. `window` is the stories' time window, `rules` those of copies.

    The stories are those the service holds a few minutes after the last article: looked at again, with all the
    articles known. `watch` is handed the articles and passes them on as they are read.
    """
    times = arrivals([article.published for article in archive])
    arriving = (
        _Arrival(article, _judge(article, at, topic_set), at) for article, at in zip(watch(archive), times, strict=True)
    )
    replayed: dict[int, str] = {}
    forms: list[dict[str, Any]] = []
    with _scratch_database() as database:
        while batch := list(islice(arriving, _BATCH)):
            with database.transaction() as session:
                forms += [_place(session, arrival, window, rules, replayed) for arrival in batch]
        while regroup_next(database, window=window, now=max(times)).waiting:
            pass
        with database.reading() as session:
            final = stories.stories_of(session, replayed)
    return [{**form, "story": final[article_id]} for article_id, form in zip(replayed, forms, strict=True)]


def _judge(article: ArchivedArticle, at: datetime, topic_set: topics.TopicSet) -> Judgement:
    clean = pages.strip_boilerplate(article.text, title=article.title or None)
    extracted = pages.ExtractedArticle(
        kind=pages.PageKind.ARTICLE, title=article.title, text=clean.text, published=article.published,
        language=article.language or pages.detect_language(clean.text), removed=clean.removed,
    )  # fmt: skip
    return judge(extracted, published=at, outlet=pages.site_key(article.url), topic_set=topic_set)


def _place(
    session: Session, arrival: _Arrival, window: timedelta, rules: DuplicateRules, replayed: dict[int, str]
) -> dict[str, Any]:
    article_id = _discover(session, arrival)
    replayed[article_id] = arrival.article.id
    placement = place(session, article_id, arrival.judgement, window=window, rules=rules, now=arrival.at)
    return _form(arrival.article.id, placement, replayed)


def _discover(session: Session, arrival: _Arrival) -> int:
    """The same address may arrive twice in an archive: here an article is known by its line's id."""
    article = arrival.article
    announced = articles.NewArticle(
        key=f"replay:{article.id}", url=article.url, entry_id=article.id, title=article.title, body="",
        published=article.published, language=article.language, has_page=False,
    )  # fmt: skip
    found = articles.discover(session, None, pages.site_key(article.url), [announced], now=arrival.at)
    return found[0].id


def _form(row_id: str, placement: Placement, replayed: dict[int, str]) -> dict[str, Any]:
    duplicate = placement.duplicate
    original = duplicate.duplicate_of
    return {
        "id": row_id,
        "duplicate_of": None if original is None else replayed[original],
        "duplicate_kind": duplicate.kind.value,
        "similarity": duplicate.similarity,
        "story": placement.story_id,
        "topics": [
            {
                "topic": match.topic,
                "score": match.score,
                "band": match.band.value,
                "spans": plain(match.spans),
            }
            for match in placement.matches
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
