"""`storywatch topics`: what is looked for, and what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.terminal import JsonOption, remark, say, write_json, write_table
from worker.errors import ConfigurationError
from worker.settings import load_settings

if TYPE_CHECKING:
    from worker.topics import Topic, TopicArticle, TopicMatch, TopicQuery

topics_app = typer.Typer(name="topics", help="What is looked for.", no_args_is_help=True)


@topics_app.command(name="list")
def list_topics(as_json: JsonOption = False) -> None:
    """List the topics in use: built in, and from the configured files."""
    from worker.deps import load_topics

    found = load_topics(load_settings())
    if as_json:
        write_json(
            [
                {
                    "name": one.name,
                    "titles": dict(one.titles),
                    "description": one.description,
                    "languages": one.languages,
                }
                for one in found
            ]
        )
        return
    rows = [(one.name, one.title("en"), ", ".join(one.languages), one.description) for one in found]
    write_table(("name", "title", "languages", "description"), rows)


@topics_app.command(name="test")
def try_topic(
    topic: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A topic file, or the name of a topic in use.")],
    text: Annotated[str | None, typer.Option(help="One text to try it on.")] = None,
    articles: Annotated[Path | None, typer.Option(help="Many: JSON lines of id, title, text, language.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a topic: its faults, what in it is probably not meant, and what it matches and why."""
    from worker import topics

    chosen = find_topic(topic)
    warnings = [(name, warning) for name, query in _queries(chosen) for warning in topics.lint(query)]
    compiled = topics.TopicSet((chosen,))
    results = [
        (name, article, next(iter(compiled.match(article)), None)) for name, article in _articles(text, articles)
    ]
    if as_json:
        write_json(
            {
                "topic": chosen.name,
                "warnings": [
                    {
                        "query": name,
                        "line": warning.line,
                        "column": warning.column,
                        "message": warning.message,
                    }
                    for name, warning in warnings
                ],
                "articles": [{"id": name, "match": match} for name, _, match in results],
            }
        )
        return
    say(f"Topic {chosen.name}: {len(chosen.examples)} examples hold, {len(warnings)} warnings")
    for name, warning in warnings:
        remark(f"warning: {name}, line {warning.line}, column {warning.column}: {warning.message}")
    for name, article, match in results:
        _show_result(name, article, match)
    if results:
        say(f"{sum(match is not None for *_, match in results)} of {len(results)} match")


def find_topic(name: str) -> Topic:
    """Return the topic of that file or, where there is no such file, the one in use under that name."""
    from worker.cli.replay import read_topic
    from worker.deps import load_topics

    if Path(name).is_file():
        return read_topic(Path(name))
    in_use = {topic.name: topic for topic in load_topics(load_settings())}
    if name not in in_use:
        known = ", ".join(sorted(in_use)) or "there is none"
        raise ConfigurationError(f"{name[:120]!r} is neither a file nor a topic in use ({known})")
    return in_use[name]


def _queries(topic: Topic) -> Iterator[tuple[str, TopicQuery]]:
    for name, queries in (
        ("query", topic.queries),
        *((signal.name, signal.queries) for signal in topic.signals),
    ):
        for query in queries:
            yield f"{name} ({query.language})" if query.language else name, query.query


def _articles(text: str | None, path: Path | None) -> Iterator[tuple[str, TopicArticle]]:
    from worker import pages, topics
    from worker.cli.archive import read_archive

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
