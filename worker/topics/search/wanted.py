"""What is wanted of the archive: words in the query language of topics, days, a topic, copies or none.

    tariff* AND NOT wine after:2026-03-01 before:2026-04-01 topic:tequila-tariffs copies:yes

The last four are written outside of groups and quotation marks; everything else is a topic's query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from worker.errors import QueryError
from worker.topics.queries import scan
from worker.topics.queries.parsing import parse_query
from worker.topics.queries.tree import And, Attribute, Property, TopicQuery, Word
from worker.topics.tokens import tokenise

_FILTER = re.compile(r"(?<!\S)(after|before|topic|copies):(\S*)(?!\S)")
_TOPIC = re.compile(r"[a-z0-9-]{1,80}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`query` is None where no words are asked for: then all articles of those days and that topic are wanted.

    `after` is the first day that is wanted and `before` the first that is not, both in UTC. `words` is what was
    written without the filters: the query as a topic would have it.
    """

    words: str = ""
    query: TopicQuery | None = None
    after: date | None = None
    before: date | None = None
    topic: str = ""
    copies: bool = False

    @property
    def is_any(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.query or self.after or self.before or self.topic)


def read_wanted(text: str) -> Wanted:
    """Read what a person has written.

    Raises `QueryError`, with line, column and what was expected, also for more than a query can have (20 KB).
    """
    if len(text) > scan.MAX_BYTES:  # before anything is looked for in it
        raise scan.fault(text, 0, f"the query has more than {scan.MAX_BYTES // 1024} KB; search for fewer words")
    query = scan.straighten_quotes(text)
    filters = [found for found in _FILTER.finditer(query) if _stands_free(query, found.start())]
    words = list(query)
    wanted = Wanted()
    for found in filters:
        wanted = _narrow(wanted, found[1], found[2], query, found.start())
        words[found.start() : found.end()] = " " * len(found[0])  # what is left keeps its columns
    left = "".join(words)
    return replace(wanted, words=" ".join(left.split()), query=parse_query(left) if left.strip() else None)


def narrowed(
    wanted: Wanted, *, after: date | None = None, before: date | None = None, topic: str = "", outlet: str = "",
    language: str = "",
) -> Wanted:  # fmt: skip
    """Return what is wanted with the fields of a form besides, where they are filled in."""
    words = tuple(Word(each) for each in tokenise(outlet[:200]).words)
    code = tokenise(language[:16]).words[:1]
    more = (
        *((Attribute(Property.OUTLET, words),) if words else ()),
        *((Attribute(Property.LANGUAGE, (Word(code[0]),)),) if code else ()),
    )
    query = wanted.query
    if more:
        query = TopicQuery(wanted.words, And((*((query.root,) if query else ()), *more)))
    return replace(
        wanted, query=query, after=after or wanted.after, before=before or wanted.before, topic=topic or wanted.topic
    )


def _stands_free(query: str, offset: int) -> bool:
    """Whether no group and no quotation is open there."""
    before = re.sub(r"\\.", "", query[:offset])
    outside = re.sub(r'"[^"]*"', "", before)
    return '"' not in outside and outside.count("(") <= outside.count(")")


def _narrow(wanted: Wanted, name: str, value: str, query: str, offset: int) -> Wanted:
    if name == "copies":
        if value not in ("yes", "no"):
            raise scan.fault(query, offset, "expected yes or no after copies:")
        return replace(wanted, copies=value == "yes")
    if name == "topic":
        if not _TOPIC.fullmatch(value):
            raise scan.fault(query, offset, "expected the name of a topic after topic:, such as tequila-tariffs")
        return replace(wanted, topic=value)
    day = _day(query, offset, name, value)
    return replace(wanted, after=day) if name == "after" else replace(wanted, before=day)


def _day(query: str, offset: int, name: str, value: str) -> date:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError as error:
        fault: QueryError = scan.fault(query, offset, f"expected a day such as 2026-03-01 after {name}:")
        raise fault from error
