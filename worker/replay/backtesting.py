"""A backtest: the stored articles, or those of a file, passed through a topic and the version of it in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from worker import pages
from worker.replay.archive import ArchivedArticle, arrivals, read_archive
from worker.setup.deps import Deps
from worker.storage.topics.stored_texts import count_texts, first_read_since, read_texts
from worker.topics import Band, Topic, TopicArticle
from worker.topics.backtest import Backtest, BacktestResult

_BATCH = 100

Dated = tuple[int, date, TopicArticle]
"""An article's number, the day it was published, and what topics are matched with."""

Watch = Callable[[Iterable[Dated], int], Iterable[Dated]]
"""Is handed the articles and how many there are at most, and passes them on as they are read."""


def backtest_stored(
    deps: Deps, topic: Topic, before: Topic | None, band: Band, since: datetime, *, watch: Watch
) -> BacktestResult:
    """Try the topic on the stored articles published since then, a batch in memory at a time."""
    with deps.reading() as session:
        after = first_read_since(session, since) - 1
        total = count_texts(session, after=after, since=since)
    return _try(watch(_stored(deps, after, since), total), topic, before, band)


def backtest_file(
    path: Path, topic: Topic, before: Topic | None, band: Band, since: datetime | None, *, watch: Watch
) -> BacktestResult:
    """Try the topic on the JSON lines of a file, those published since then. Raises `ConfigurationError`."""
    lines = read_archive(path)
    dated = zip(lines, arrivals([line.published for line in lines]), strict=True)
    articles: Iterator[Dated] = (
        (number, at.date(), archived_article(line))
        for number, (line, at) in enumerate(dated, 1)
        if since is None or at >= since
    )
    return _try(watch(articles, len(lines)), topic, before, band)


def archived_article(line: ArchivedArticle) -> TopicArticle:
    """Return what topics are matched with of an article of an archive."""
    language = line.language or pages.detect_language(line.text)
    return TopicArticle(line.title, line.text, language, pages.site_key(line.url))


def _try(articles: Iterable[Dated], topic: Topic, before: Topic | None, band: Band) -> BacktestResult:
    tried = Backtest(topic, before, band=band)
    for number, day, article in articles:
        tried.add(number, day, article)
    return tried.result()


def _stored(deps: Deps, after: int, since: datetime) -> Iterator[Dated]:
    while True:
        with deps.reading() as session:
            batch = read_texts(session, after=after, limit=_BATCH, since=since)
        for text in batch:
            yield text.id, text.published.date(), text.article
        if len(batch) < _BATCH:
            return
        after = batch[-1].id
