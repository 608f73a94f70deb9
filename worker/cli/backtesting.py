"""A topic tried on an archive: the articles passed through, and the report for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.terminal import say, watched, write_table

if TYPE_CHECKING:
    from worker.setup.deps import Deps
    from worker.topics import Band, Topic, TopicArticle
    from worker.topics.backtest import BacktestResult, Headline, TermHits

_BATCH = 100
_SHOWN_TERMS = 25
_SHOWN_DAYS = 31
_FIELDS = ("title:", "lead:", "body:")

Dated = tuple[int, date, "TopicArticle"]


def backtest_stored(deps: Deps, topic: Topic, before: Topic | None, band: Band, since: datetime) -> BacktestResult:
    """Try the topic on the stored articles published since then, a batch in memory at a time."""
    from worker.storage.topics.stored_texts import count_texts, first_read_since

    with deps.reading() as session:
        after = first_read_since(session, since) - 1
        total = count_texts(session, after=after, since=since)
    return _run(_stored(deps, after, since), total, topic, before, band)


def backtest_file(path: Path, topic: Topic, before: Topic | None, band: Band, since: datetime | None) -> BacktestResult:
    """Try the topic on the JSON lines of a file, those published since then."""
    from worker import pages, topics
    from worker.replay.archive import arrivals, read_archive

    lines = read_archive(path)
    dated = zip(lines, arrivals([line.published for line in lines]), strict=True)
    articles: Iterator[Dated] = (
        (
            number,
            at.date(),
            topics.TopicArticle(
                line.title, line.text, line.language or pages.detect_language(line.text), pages.site_key(line.url)
            ),
        )
        for number, (line, at) in enumerate(dated, 1)
        if since is None or at >= since
    )
    return _run(articles, len(lines), topic, before, band)


def show_backtest(found: BacktestResult) -> None:
    """Print the report for people."""
    days = len(found.days)
    say(f"{found.articles} articles on {days} days: {found.hits} hits, {found.hits / max(1, days):.1f} a day")
    rows = [(str(day.day), str(day.articles), str(day.hits), str(day.before)) for day in found.days[-_SHOWN_DAYS:]]
    width = 4 if found.compared else 3
    _table("Hits a day", ("day", "articles", "hits", "in use")[:width], [row[:width] for row in rows])
    if found.compared:
        say(f"Against the version in use: {found.gained} gained, {found.lost} lost")
        _headlines("Gained", found.gained_sample)
        _headlines("Lost", found.lost_sample)
    else:
        _headlines("The surest hits", found.hit_sample)
    _headlines("Near misses", found.near_misses)
    _terms(found.terms)
    _silent([term.term for term in found.silent_terms])


def _run(
    articles: Iterator[Dated], total: int, topic: Topic, before: Topic | None, band: Band
) -> BacktestResult:  # fmt: skip
    from worker.topics.backtest import Backtest

    tried = Backtest(topic, before, band=band)
    for number, day, article in watched(articles, total=total, label="Articles"):
        tried.add(number, day, article)
    return tried.result()


def _stored(deps: Deps, after: int, since: datetime) -> Iterator[Dated]:
    from worker.analysis.retag_articles import topic_article
    from worker.storage.topics.stored_texts import read_texts

    while True:
        with deps.reading() as session:
            batch = read_texts(session, after=after, limit=_BATCH, since=since)
        for text in batch:
            yield text.id, text.published.date(), topic_article(text)
        if len(batch) < _BATCH:
            return
        after = batch[-1].id


def _headlines(title: str, headlines: Sequence[Headline]) -> None:
    if not headlines:
        return
    rows = [
        (_score(each.score), _score(each.before), str(each.article_id), str(each.day), each.title[:90])
        for each in headlines
    ]
    _table(title, ("score", "in use", "article", "day", "headline"), rows)


def _terms(terms: Sequence[TermHits]) -> None:
    ranked = sorted(terms, key=lambda term: (-term.alone, -term.averted, -term.hits, -term.articles))
    telling = [term for term in ranked if term.articles]
    rows = [
        (term.term, term.part, str(term.articles), str(term.hits), str(term.alone), str(term.averted))
        for term in telling[:_SHOWN_TERMS]
    ]
    write_table(
        ("term", "in", "articles", "hits", "lost without", "kept out"), rows, title="What each term contributes"
    )
    if len(telling) > _SHOWN_TERMS:
        say(f"and {len(telling) - _SHOWN_TERMS} more terms (--json has all)")


def _silent(terms: Sequence[str]) -> None:
    """Name the terms without a hit, of which a wrong letter may be the reason; a field alone is none."""
    anywhere = list(dict.fromkeys(term for term in terms if not term.startswith(_FIELDS)))
    if anywhere:
        say("\nIn no article: " + ", ".join(anywhere))
    if rest := len(set(terms)) - len(anywhere):
        say(f"In no article in the field asked for: {rest} more (--json has all)")


def _table(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    say(f"\n{title}")
    write_table(headers, rows)


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
