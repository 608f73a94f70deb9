"""`storywatch topics test`: a topic tried before it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.moments import parse_since
from worker.cli.terminal import JsonOption, remark, say, watched, write_json
from worker.cli.topics.choice import find_topic, installation_if_any, other_version
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.replay.backtesting import Dated
    from worker.topics import QueryWarning, Topic, TopicArticle, TopicMatch, TopicQuery
    from worker.topics.backtest import BacktestResult


def try_topic(
    topic: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A topic file, or the name of a topic in use.")],
    text: Annotated[str | None, typer.Option(help="One text to try it on.")] = None,
    articles: Annotated[Path | None, typer.Option(help="Many: JSON lines of id, title, text, language.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Backtest on the stored articles published since: 12h, 30d, 4w, or a date.")
    ] = None,
    archive: Annotated[Path | None, typer.Option(help="Backtest on JSON lines instead of the stored articles.")] = None,
    band: Annotated[
        str | None, typer.Option(help="What counts as a hit in a backtest: strict, balanced (as it is) or wide.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a topic: its faults, what in it is probably not meant, what it matches and why, and what it would
    have found."""
    from worker import topics

    chosen = find_topic(topic)
    warnings = [(name, warning) for name, query in _queries(chosen) for warning in topics.lint(query)]
    compiled = topics.TopicSet((chosen,))
    results = [
        (name, article, next(iter(compiled.match(article)), None)) for name, article in _articles(text, articles)
    ]
    backtest = _backtest(chosen, since, archive, band) if since or archive else None
    if as_json:
        write_json(_as_json(chosen, warnings, results, backtest))
        return
    say(f"Topic {chosen.name}: {len(chosen.examples)} examples hold, {len(warnings)} warnings")
    for name, warning in warnings:
        remark(f"warning: {name}, line {warning.line}, column {warning.column}: {warning.message}")
    for name, article, match in results:
        _show_result(name, article, match)
    if results:
        say(f"{sum(match is not None for *_, match in results)} of {len(results)} match")
    if backtest is not None:
        from worker.cli.topics.backtest import show_backtest

        show_backtest(backtest)


def _backtest(topic: Topic, since: str | None, archive: Path | None, band_name: str | None) -> BacktestResult:
    from worker.replay.backtesting import backtest_file, backtest_stored
    from worker.setup.base_deps import utc_now
    from worker.topics import DEFAULT_BAND, Band

    if band_name is not None and band_name not in list(Band):
        raise ConfigurationError(f"band is {band_name!r:.40}: allowed are {', '.join(Band)}")
    band, now = DEFAULT_BAND if band_name is None else Band(band_name), utc_now()
    start = parse_since(since, now=now) if since else None
    if archive is not None:
        installed = installation_if_any()
        before = other_version(installed, topic) if installed else None
        return backtest_file(archive, topic, before, band, start, watch=_watched)
    deps = open_installation()
    return backtest_stored(deps, topic, other_version(deps, topic), band, start or now, watch=_watched)


def _watched(articles: Iterable[Dated], total: int) -> Iterator[Dated]:
    return watched(articles, total=total, label="Articles")


def _as_json(
    topic: Topic,
    warnings: list[tuple[str, QueryWarning]],
    results: list[tuple[str, TopicArticle, TopicMatch | None]],
    backtest: BacktestResult | None,
) -> dict[str, object]:
    found: dict[str, object] = {
        "topic": topic.name,
        "warnings": [
            {"query": name, "line": each.line, "column": each.column, "message": each.message}
            for name, each in warnings
        ],
        "articles": [{"id": name, "match": match} for name, _, match in results],
    }
    return found if backtest is None else {**found, "backtest": backtest}


def _queries(topic: Topic) -> Iterator[tuple[str, TopicQuery]]:
    for name, queries in (
        ("query", topic.queries),
        *((signal.name, signal.queries) for signal in topic.signals),
    ):
        for query in queries:
            yield f"{name} ({query.language})" if query.language else name, query.query


def _articles(text: str | None, path: Path | None) -> Iterator[tuple[str, TopicArticle]]:
    from worker import pages, topics
    from worker.replay.archive import read_archive
    from worker.replay.backtesting import archived_article

    if text is not None:
        yield "text", topics.TopicArticle("", text, pages.detect_language(text))
    for article in read_archive(path) if path is not None else ():
        yield article.id, archived_article(article)


def _show_result(name: str, article: TopicArticle, match: TopicMatch | None) -> None:
    if match is None:
        say(f"–  {name}  {article.title}")
        return
    say(f"{match.score:.2f} {match.band.value}  {name}  {article.title}")
    for reason in match.reasons:
        say(f"      {reason}")
