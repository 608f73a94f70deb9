"""Running an archive through the real path, in a database of its own that is thrown away."""

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
from worker.cli.archive import ArchivedArticle, arrivals
from worker.cli.terminal import plain
from worker.judging import Embed, Judgement, Placement, judge, place
from worker.regrouping import regroup_next
from worker.resemblance import MEASURED, DuplicateRules
from worker.storage import articles, migrations
from worker.storage import stories as story_rows
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
    rules: DuplicateRules = MEASURED,
    story_rules: stories.StorySettings = stories.MEASURED,
    embed: Embed | None = None,
    watch: Callable[[Iterable[ArchivedArticle]], Iterable[ArchivedArticle]] = iter,
) -> list[dict[str, Any]]:
    """Return each article's fixed form, in order. `rules` are those of copies; `embed` where a model is used.

    The stories are those the service holds a few minutes after the last article: looked at again, with all the
    articles known. `watch` is handed the articles and passes them on as they are read.
    """
    times = arrivals([article.published for article in archive])
    arriving = (
        _Arrival(article, _judge(article, at, topic_set, embed), at)
        for article, at in zip(watch(archive), times, strict=True)
    )
    replayed: dict[int, str] = {}
    forms: list[dict[str, Any]] = []
    with _scratch_database() as database:
        while batch := list(islice(arriving, _BATCH)):
            with database.transaction() as session:
                forms += [_place(session, arrival, rules, story_rules, replayed) for arrival in batch]
        while regroup_next(database, rules=story_rules, now=max(times)).waiting:
            pass
        with database.reading() as session:
            final = story_rows.stories_of(session, replayed)
    return [{**form, "story": final[article_id]} for article_id, form in zip(replayed, forms, strict=True)]


def _judge(article: ArchivedArticle, at: datetime, topic_set: topics.TopicSet, embed: Embed | None) -> Judgement:
    clean = pages.strip_boilerplate(article.text, title=article.title or None)
    extracted = pages.ExtractedArticle(
        kind=pages.PageKind.ARTICLE, title=article.title, text=clean.text, published=article.published,
        language=article.language or pages.detect_language(clean.text), removed=clean.removed,
    )  # fmt: skip
    return judge(extracted, published=at, outlet=pages.site_key(article.url), topic_set=topic_set, embed=embed)


def _place(
    session: Session, arrival: _Arrival, rules: DuplicateRules, story_rules: stories.StorySettings,
    replayed: dict[int, str],
) -> dict[str, Any]:  # fmt: skip
    article_id = _discover(session, arrival)
    replayed[article_id] = arrival.article.id
    placement = place(session, article_id, arrival.judgement, rules=rules, story_rules=story_rules, now=arrival.at)
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
