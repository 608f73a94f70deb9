"""`storywatch topics`: what is looked for, what it finds and would find, and what people say of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, remark, say, write_json, write_table
from worker.cli.topic_choice import find_topic, installation_if_any, other_version
from worker.cli.topic_feeds import show_feeds
from worker.cli.topic_labels import confusion, label, labels
from worker.cli.topic_retag import retag
from worker.cli.topic_training import train
from worker.errors import ConfigurationError
from worker.setup.settings import load_settings

if TYPE_CHECKING:
    from worker.storage.topics.topic_rows import MatchCount
    from worker.topics import QueryWarning, Topic, TopicArticle, TopicMatch, TopicQuery
    from worker.topics.backtest import BacktestResult

_WEEK = timedelta(days=7)

topics_app = typer.Typer(name="topics", help="What is looked for.", no_args_is_help=True)


@topics_app.command(name="list")
def list_topics(as_json: JsonOption = False) -> None:
    """List the topics in use, built in and from the configured files, and what each found in seven days."""
    from worker.setup.topic_sources import load_topics

    found = load_topics(load_settings())
    matches = _matches_of_a_week()
    if as_json:
        write_json([_facts(one, matches) for one in found])
        return
    rows = [
        (
            one.name, one.title("en"), ", ".join(one.languages), describe_model(one),
            f"{one.thresholds.strict:g} / {one.thresholds.balanced:g} / {one.thresholds.wide:g}",
            _count(one, matches), one.description,
        )
        for one in found
    ]  # fmt: skip
    headers = ("name", "title", "languages", "model", "strict / balanced / wide", "7 days", "description")
    write_table(headers, rows)


@topics_app.command(name="test")
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
        from worker.cli.backtesting import show_backtest

        show_backtest(backtest)


topics_app.command()(retag)
topics_app.command()(label)
topics_app.command()(labels)
topics_app.command()(confusion)
topics_app.command()(train)
topics_app.command("feeds")(show_feeds)


def describe_model(topic: Topic) -> str:
    """Return the topic's learned model in a few words."""
    model = topic.model
    if model is None:
        return "–"
    return f"{len(model.words)} words from {model.yes} yes, {model.no} no" + (
        f", {model.trained}" if model.trained else ""
    )


def _backtest(topic: Topic, since: str | None, archive: Path | None, band_name: str | None) -> BacktestResult:
    from worker.cli.backtesting import backtest_file, backtest_stored
    from worker.cli.moments import parse_since
    from worker.setup.deps import utc_now
    from worker.topics import DEFAULT_BAND, Band

    if band_name is not None and band_name not in list(Band):
        raise ConfigurationError(f"band is {band_name!r:.40}: allowed are {', '.join(Band)}")
    band, now = DEFAULT_BAND if band_name is None else Band(band_name), utc_now()
    start = parse_since(since, now=now) if since else None
    if archive is not None:
        installed = installation_if_any()
        before = other_version(installed, topic) if installed else None
        return backtest_file(archive, topic, before, band, start)
    deps = open_installation()
    return backtest_stored(deps, topic, other_version(deps, topic), band, start or now)


def _count(topic: Topic, matches: Mapping[str, MatchCount] | None) -> str:
    found = matches.get(topic.name) if matches else None
    if found is None:
        return "–" if matches is None else "0"
    return f"{found.hits} + {found.borderline} borderline" if found.borderline else str(found.hits)


def _matches_of_a_week() -> Mapping[str, MatchCount] | None:
    """By topic; None where there is no database yet."""
    from worker.storage.topics.topic_rows import count_matches

    deps = installation_if_any()
    if deps is None:
        return None
    with deps.reading() as session:
        return count_matches(session, since=deps.now() - _WEEK)


def _facts(topic: Topic, matches: Mapping[str, MatchCount] | None) -> dict[str, object]:
    found = matches.get(topic.name) if matches else None
    return {
        "name": topic.name,
        "titles": dict(topic.titles),
        "description": topic.description,
        "languages": topic.languages,
        "model": describe_model(topic) if topic.model else None,
        "thresholds": topic.thresholds,
        "matches_of_7_days": None if matches is None else found.hits if found else 0,
        "borderline_of_7_days": None if matches is None else found.borderline if found else 0,
    }


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

    if text is not None:
        yield "text", topics.TopicArticle("", text, pages.detect_language(text))
    for article in read_archive(path) if path is not None else ():
        language = article.language or pages.detect_language(article.text)
        outlet = pages.site_key(article.url)
        yield article.id, topics.TopicArticle(article.title, article.text, language, outlet)


def _show_result(name: str, article: TopicArticle, match: TopicMatch | None) -> None:
    if match is None:
        say(f"–  {name}  {article.title}")
        return
    say(f"{match.score:.2f} {match.band.value}  {name}  {article.title}")
    for reason in match.reasons:
        say(f"      {reason}")
