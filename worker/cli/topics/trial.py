"""`storywatch topics test`: a topic tried before it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.moments import parse_since
from worker.cli.terminal import JsonOption, remark, say, watched, write_json
from worker.cli.topics.choice import chosen_band, find_topic, installation_if_any, other_version

if TYPE_CHECKING:
    from worker.replay.backtesting import Dated
    from worker.topics import LanguageQuery, QueryWarning, Topic, TopicArticle, TopicMatch, TopicReading, TopicSet
    from worker.topics.backtest import BacktestResult
    from worker.topics.topic_match import RoleReading


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
    warnings = list(_warnings(chosen))
    compiled = topics.TopicSet((chosen,))
    results = [_tried(compiled, name, article) for name, article in _articles(text, articles)]
    backtest = _backtest(chosen, since, archive, band) if since or archive else None
    if as_json:
        write_json(_as_json(chosen, warnings, results, backtest))
        return
    say(f"Topic {chosen.name}: {len(chosen.examples)} examples hold, {len(warnings)} warnings")
    for name, warning in warnings:
        remark(f"warning: {name}, line {warning.line}, column {warning.column}: {warning.message}")
    for result in results:
        _show_result(result)
    if results:
        say(f"{sum(result.match is not None for result in results)} of {len(results)} match")
    if backtest is not None:
        from worker.cli.topics.backtest import show_backtest

        show_backtest(backtest)


@dataclass(frozen=True, slots=True)
class _Result:
    """`reading` is what a topic with roles found of them, match or not."""

    name: str
    article: TopicArticle
    match: TopicMatch | None
    reading: TopicReading | None


def _tried(compiled: TopicSet, name: str, article: TopicArticle) -> _Result:
    return _Result(
        name, article, next(iter(compiled.match(article)), None), next(iter(compiled.readings(article)), None)
    )


def _backtest(topic: Topic, since: str | None, archive: Path | None, band_name: str | None) -> BacktestResult:
    from worker.replay.backtesting import backtest_file, backtest_stored
    from worker.setup.base_deps import utc_now

    band, now = chosen_band(band_name), utc_now()
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
    results: list[_Result],
    backtest: BacktestResult | None,
) -> dict[str, object]:
    found: dict[str, object] = {
        "topic": topic.name,
        "warnings": [
            {"query": name, "line": each.line, "column": each.column, "message": each.message}
            for name, each in warnings
        ],
        "articles": [{"id": each.name, "match": each.match, "reading": each.reading} for each in results],
    }
    return found if backtest is None else {**found, "backtest": backtest}


def _warnings(topic: Topic) -> Iterator[tuple[str, QueryWarning]]:
    """What in each query is probably not meant. Those that are made from roles are looked at where they are written."""
    from worker import topics

    written = [("query", topic.queries)] if not topic.roles else []
    made = {signal.name for signal in topics.role_signals(topic.roles, topic.languages)}
    guards = [signal for signal in topic.signals if signal.weight < 0]
    parts = [
        *written,
        *((role.name, (*role.queries, *role.hints)) for role in topic.roles),
        *((signal.name, signal.queries) for signal in topic.signals if signal.name not in made),
    ]
    for name, queries in parts:
        yield from ((_called(name, each), warning) for each in queries for warning in topics.lint(each.query))
    people = topic.roles[:1]
    spoken = [each.query for role in people for each in role.queries]
    for guard in guards:
        yield from (
            (_called(guard.name, each), warning)
            for each in guard.queries
            for warning in topics.lint_guard(each.query, spoken)
        )


def _called(name: str, query: LanguageQuery) -> str:
    return f"{name} ({query.language})" if query.language else name


def _articles(text: str | None, path: Path | None) -> Iterator[tuple[str, TopicArticle]]:
    from worker import pages, topics
    from worker.replay.archive import read_archive
    from worker.replay.backtesting import archived_article

    if text is not None:
        yield "text", topics.TopicArticle("", text, pages.detect_language(text))
    for article in read_archive(path) if path is not None else ():
        yield article.id, archived_article(article)


def _show_result(result: _Result) -> None:
    match, reading = result.match, result.reading
    if match is not None:
        say(f"{match.score:.2f} {match.band.value}  {result.name}  {result.article.title}")
    else:
        score = f"{reading.score:.2f}" if reading is not None and reading.score else "–"
        say(f"{score}  {result.name}  {result.article.title}")
    if reading is not None:
        say(f"      {_roles(reading)}")
    for reason in match.reasons if match is not None else reading.against if reading is not None else ():
        say(f"      {reason}")


def _roles(reading: TopicReading) -> str:
    """`people: none; setting: Laredo, Texas; act: found dead (hints)`."""
    return "; ".join(f"{role.name}: {_found(role)}" for role in reading.roles)


def _found(role: RoleReading) -> str:
    if role.sure:
        return ", ".join(role.sure)
    return ", ".join(role.hints) + " (hints)" if role.hints else "none"
