"""A topic's query as a look-up in the index: what the index can tell is asked of it, and the rest is read.

A look-up finds every article of which the query holds. Where it is `exact` it finds no other; where it is not, each
article that is found has to be read. None stands for all articles: nothing that the index knows narrows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from worker.topics.queries.tree import And, Attribute, Boosted, Node, Not, Or, Term


@dataclass(frozen=True, slots=True)
class Lookup:
    """An expression in a database's own language."""

    expression: str
    exact: bool = True


class Dialect(Protocol):
    """How a database writes the parts of a look-up."""

    def term(self, term: Term) -> Lookup:
        """The words, next to each other or near."""

    def attribute(self, attribute: Attribute) -> Lookup:
        """An outlet's name, or a language."""

    def every(self, parts: Sequence[str]) -> str:
        """All of them."""

    def some(self, parts: Sequence[str]) -> str:
        """At least one of them."""

    def without(self, wanted: str, unwanted: str) -> str:
        """The first where the second does not hold."""


def look_up(node: Node, dialect: Dialect) -> Lookup | None:
    """Return the look-up for what the node says."""
    match node:
        case Term():
            found = dialect.term(node)
            return Lookup(found.expression, exact=False) if node.unless else found
        case Attribute():
            return dialect.attribute(node)
        case Boosted(child, _):
            return look_up(child, dialect)
        case Or(nodes):
            return _some([look_up(each, dialect) for each in nodes], dialect)
        case And(nodes):
            return _every(nodes, dialect)
        case Not():
            return None


def _some(parts: Sequence[Lookup | None], dialect: Dialect) -> Lookup | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return Lookup(dialect.some([part.expression for part in known]), all(part.exact for part in known))


def _every(nodes: Sequence[Node], dialect: Dialect) -> Lookup | None:
    parts = [look_up(each, dialect) for each in nodes if not isinstance(each, Not)]
    known = [part for part in parts if part is not None]
    if not known:
        return None
    unwanted = [look_up(each.child, dialect) for each in nodes if isinstance(each, Not)]
    # What is only nearly what is not wanted must not keep an article from being found.
    sure = [part.expression for part in unwanted if part is not None and part.exact]
    exact = len(known) == len(parts) and len(sure) == len(unwanted) and all(part.exact for part in known)
    wanted = dialect.every([part.expression for part in known])
    return Lookup(dialect.without(wanted, dialect.some(sure)) if sure else wanted, exact)
