"""The parts of a topic file that stand there any number of times: roles, signals, subtopics and examples."""

from __future__ import annotations

from dataclasses import replace

from worker.errors import TopicFileError
from worker.topics.article import TopicArticle
from worker.topics.file_queries import Definitions, language_queries, required_queries
from worker.topics.ignored import Ignored, without_ignored
from worker.topics.roles import Role, role_signals
from worker.topics.signal import Signal
from worker.topics.topic import QUERY, Example, Subtopic
from worker.topics.topic_table import TopicTable

MAX_WEIGHT = 20.0


def read_role(table: TopicTable, languages: tuple[str, ...], definitions: Definitions, ignored: Ignored) -> Role:
    """A [[role]], its words told where they do not count."""
    role = Role(
        table.text("name"),
        without_ignored(required_queries(table, "query", languages, definitions), ignored),
        without_ignored(language_queries(table.table("hint"), languages, definitions), ignored),
    )
    table.done()
    return role


def read_signals(
    table: TopicTable, languages: tuple[str, ...], definitions: Definitions, roles: tuple[Role, ...], ignored: Ignored
) -> tuple[Signal, ...]:
    """The signals of the roles, and every [[signal]] and [[against]]. Raises TopicFileError where two share a name."""
    speaking = (_signal(each, languages, definitions, 1) for each in table.tables("signal"))
    signals = (
        *role_signals(roles, languages),
        *(replace(each, queries=without_ignored(each.queries, ignored)) for each in speaking),
        *(_signal(each, languages, definitions, -1) for each in table.tables("against")),
    )
    names = [QUERY, *(signal.name for signal in signals)]
    for name in names:
        if names.count(name) > 1:  # a model gives weights by name
            raise TopicFileError(f"signal: two are called {name!r}; expected a name for each")
    return signals


def _signal(table: TopicTable, languages: tuple[str, ...], definitions: Definitions, sign: int) -> Signal:
    name, weight = table.text("name"), table.number("weight")
    if not 0 < weight <= MAX_WEIGHT:
        raise TopicFileError(f"{table.path('weight')}: {weight:g}; expected more than 0 and at most {MAX_WEIGHT:g}")
    signal = Signal(name, sign * weight, required_queries(table, "query", languages, definitions))
    table.done()
    return signal


def read_subtopic(table: TopicTable, languages: tuple[str, ...], definitions: Definitions) -> Subtopic:
    """A [[subtopic]]."""
    titles = table.table("title")
    named = tuple((language, titles.text(language)) for language in titles.names())
    subtopic = Subtopic(table.text("name"), named, required_queries(table, "query", languages, definitions))
    table.done()
    return subtopic


def read_example(table: TopicTable) -> Example:
    """An [[example]]."""
    title = table.text("title", "")
    article = TopicArticle(title, table.text("text"), table.optional_text("language"), table.text("outlet", ""))
    example = Example(table.text("name", title), article, table.flag("match"))
    table.done()
    return example
