"""A topic query as a tree of our own, free of the parser that made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Scope(StrEnum):
    """The part of an article a term is looked for in. The lead is the first words of the body, and the dateline,
    where there is one, the first of those: `TIJUANA, BC.–`."""

    ANYWHERE = "anywhere"
    TITLE = "title"
    DATELINE = "dateline"
    LEAD = "lead"
    BODY = "body"


class Property(StrEnum):
    """A fact about the article, not a word in it."""

    OUTLET = "outlet"
    LANGUAGE = "lang"


@dataclass(frozen=True, slots=True)
class Word:
    """One folded word; a prefix matches every word that begins with it."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand next to each other, or near: `slop` other words may lie between them.

    With a slop the order is free; without one (None) the words follow each other as written.
    It does not count where one of `unless` matches at the same words: `mexico` in `new mexico`.
    `source` is the term as the author wrote it, `offset` where.
    """

    words: tuple[Word, ...]
    slop: int | None = None
    scope: Scope = Scope.ANYWHERE
    unless: tuple[Term, ...] = ()
    source: str = field(default="", compare=False)
    offset: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    """`outlet:` holds the words, in order, of the outlet's name; `lang:` one language code."""

    property: Property
    words: tuple[Word, ...]
    offset: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Where this does not hold."""

    child: Node


@dataclass(frozen=True, slots=True)
class Boosted:
    """What matches here counts `factor` times."""

    child: Node
    factor: float


Node: TypeAlias = Term | Attribute | And | Or | Not | Boosted


@dataclass(frozen=True, slots=True)
class TopicQuery:
    """A query that can be matched: its text as written and the tree it means."""

    text: str
    root: Node


def leaves(node: Node) -> Iterator[Term | Attribute]:
    """Every term and attribute below `node`, in the order written."""
    if isinstance(node, Term | Attribute):
        yield node
        return
    for child in children(node):
        yield from leaves(child)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below `node`."""
    if isinstance(node, And | Or):
        return node.children
    if isinstance(node, Not | Boosted):
        return (node.child,)
    return ()


def depth(node: Node) -> int:
    """Nodes on the longest way down from `node`."""
    return 1 + max((depth(child) for child in children(node)), default=0)
