"""The queries of a topic file: its lists and definitions, and what names them, language by language."""

from __future__ import annotations

import re
from typing import TypeAlias

from worker.errors import QueryError, TopicFileError
from worker.topics.queries.parsing import parse_query
from worker.topics.queries.tree import TopicQuery
from worker.topics.signal import LanguageQuery
from worker.topics.topic_table import TopicTable
from worker.topics.word_list import parse_word_list

Definitions: TypeAlias = dict[str, TopicQuery]
_DEFINITION = re.compile(r"[a-z][a-z0-9_]*")


def read_definitions(table: TopicTable) -> Definitions:
    """[lists] and [define], by name; each may use those before it. Raises TopicFileError naming the one at fault."""
    definitions: Definitions = {}
    for section, read in ((table.table("lists"), _word_list), (table.table("define"), _query)):
        for name in section.names():
            if not _DEFINITION.fullmatch(name) or name in definitions:
                raise TopicFileError(f"{section.path(name)}: expected a new name of small letters, digits and _")
            definitions[name] = read(section, name, definitions)
    return definitions


def required_queries(
    table: TopicTable, key: str, languages: tuple[str, ...], definitions: Definitions
) -> tuple[LanguageQuery, ...]:
    """The queries under `key`, one at least. Raises TopicFileError where there is none."""
    queries = language_queries(table.table(key), languages, definitions)
    if not queries:
        known = ", ".join(("any", *languages))
        raise TopicFileError(f"{table.path(key)}: expected a query for one of {known}")
    return queries


def language_queries(
    section: TopicTable, languages: tuple[str, ...], definitions: Definitions
) -> tuple[LanguageQuery, ...]:
    """The queries of a table, for `any` language or for one of them. Raises TopicFileError for another key."""
    known = ("any", *languages)
    queries = tuple(
        LanguageQuery(None if key == "any" else key, _query(section, key, definitions))
        for key in section.names()
        if key in known
    )
    section.done(known)
    return queries


def _word_list(table: TopicTable, key: str, _: Definitions) -> TopicQuery:
    try:
        return parse_word_list(table.text(key))
    except QueryError as fault:
        raise TopicFileError(f"{table.path(key)}: {fault}") from fault


def _query(table: TopicTable, key: str, definitions: Definitions) -> TopicQuery:
    try:
        return parse_query(table.text(key), definitions=definitions)
    except QueryError as fault:
        raise TopicFileError(f"{table.path(key)}: {fault}") from fault
