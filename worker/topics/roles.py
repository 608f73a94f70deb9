"""Roles: a topic as several things that must come together, each of which many words can carry.

People on the move, the border between two countries, and what happens to the one at the other: none of them makes
the topic, and any word for each will do. A role has words that are sure of it, and others that hint at it: `families`
and `found dead` mean nothing by themselves, and much in a headline that names the river.

From its roles a topic gets what it is considered by and what it is weighed by:

- its query: two roles show, surely or by hints, so that what is weighed is never what a single list happens to know;
- signals: each role, each two of them, and all of them in one passage (title, opening, a window of the body), by sure
  words alone and with hints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from worker.topics.queries.tree import And, Node, Or, TopicQuery
from worker.topics.signal import LanguageQuery, Signal

HINTED = ", hinted"

BIAS, ALONE, TWO, ALL = -4.0, 0.3, 0.7, 1.8
"""Where a score begins, and what a role, two of them and all of them add to it, in log-odds, where the file and its
model say nothing else. Of three roles in one headline: two come to .2, all as hints to .2, all of them, one surely, to
.6 and, two surely, to .98."""


@dataclass(frozen=True, slots=True)
class Role:
    """A thing that must show: `queries` are sure of it, `hints` are not; either has one for each language."""

    name: str
    queries: tuple[LanguageQuery, ...]
    hints: tuple[LanguageQuery, ...] = ()

    def sure(self, language: str | None) -> Node | None:
        """What is sure of it in that language; None where nothing is."""
        return _either(self.queries, language)

    def shown(self, language: str | None) -> Node | None:
        """What is sure of it or hints at it."""
        return _either((*self.queries, *self.hints), language)


def role_query(roles: Sequence[Role], languages: Sequence[str]) -> tuple[LanguageQuery, ...]:
    """What makes an article a candidate, for each language: two roles, or the only one there is, if only by hints."""

    def candidate(language: str) -> Node | None:
        return _any_of(_together(some, 0, language) for some in combinations(roles, min(2, len(roles))))

    return _queries(languages, candidate)


def role_signals(roles: Sequence[Role], languages: Sequence[str]) -> tuple[Signal, ...]:
    """What the roles say for their topic, alone and together."""
    return tuple(_signals(roles, languages))


def _signals(roles: Sequence[Role], languages: Sequence[str]) -> Iterator[Signal]:
    for size in sorted({1, 2, len(roles)} if roles else ()):
        weight = {1: ALONE, len(roles): ALL}.get(size, TWO)
        for chosen in combinations(roles, size):
            for name, surely in _grades([role.name for role in chosen], size):
                queries = _queries(languages, partial(_together, chosen, surely))
                if queries:
                    yield Signal(name, weight, queries)


def _grades(names: Sequence[str], size: int) -> Iterator[tuple[str, int]]:
    """The names of the signals of these roles, and how many of them must show surely."""
    name = " and ".join([", ".join(names[:-1]), names[-1]]) if size > 1 else names[0]
    yield name, size
    if size > 2:
        yield f"{name}, one hinted", size - 1
    yield name + HINTED, 1 if size == 2 else 0


def _together(roles: Sequence[Role], surely: int, language: str | None) -> Node | None:
    """All of the roles, at least so many of them surely."""
    return _any_of(
        _all_of(role.sure(language) if role in chosen else role.shown(language) for role in roles)
        for chosen in combinations(roles, surely)
    )


def _queries(languages: Sequence[str], node: Callable[[str], Node | None]) -> tuple[LanguageQuery, ...]:
    made = ((language, node(language)) for language in languages)
    return tuple(LanguageQuery(language, TopicQuery("", root)) for language, root in made if root is not None)


def _either(queries: Sequence[LanguageQuery], language: str | None) -> Node | None:
    return _any_of(each.query.root for each in queries if each.language in (None, language))


def _any_of(nodes: Iterator[Node | None]) -> Node | None:
    known = tuple(node for node in nodes if node is not None)
    return Or(known) if len(known) > 1 else known[0] if known else None


def _all_of(nodes: Iterator[Node | None]) -> Node | None:
    wanted = tuple(nodes)
    known = tuple(node for node in wanted if node is not None)
    if len(known) < len(wanted):
        return None
    return And(known) if len(known) > 1 else known[0]
