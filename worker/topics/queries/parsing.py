"""The query language: Lucene's syntax, as analysts know it from media monitoring services.

    asylum mexico            both words (words side by side are joined by AND)
    asylum OR refuge         either word; AND binds closer than OR; NOT word, -word: not that word
    "remain in mexico"       a phrase; its words may be prefixes: "asylum seek*"
    "asylum mexico"~8        both words, in any order, with at most 8 others between them
    migra*                   every word that begins so
    title: lead: body:       in the title, in the lead, in the body (which holds the lead)
    dateline:                in the place name a report opens with: `TIJUANA, BC.–`
    outlet:"la jornada"      the outlet's name has these words; lang:es: the article's language
    (a OR b)^2               what matches here counts twice
    @migrants                the definition of that name, where the topic file has one

Case, accents and zero-width characters make no difference. AND, OR and NOT are written in capitals.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from worker.errors import QueryError
from worker.topics.queries import scan
from worker.topics.queries.tree import (
    And,
    Attribute,
    Boosted,
    Node,
    Not,
    Or,
    Property,
    Scope,
    Term,
    TopicQuery,
    Word,
    depth,
    leaves,
)
from worker.topics.tokens import MAX_WORD_CHARS, tokenise

MAX_TERMS = 3_000
MAX_WORDS_IN_PHRASE = 20
MAX_DEPTH = 100
"""Levels of a tree with its definitions: at three calls a level, walking it stays far from Python's
recursion limit of 1,000."""
MAX_BOOST = 10.0

_SCOPES = {"title": Scope.TITLE, "dateline": Scope.DATELINE, "lead": Scope.LEAD, "body": Scope.BODY}
_PROPERTIES = {"outlet": Property.OUTLET, "lang": Property.LANGUAGE}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PIECE = re.compile(r"\S+")


def parse_query(text: str, *, definitions: Mapping[str, TopicQuery] | None = None) -> TopicQuery:
    """Read `text`; an `@name` in it stands for `definitions[name]`.

    Raises QueryError, with line, column and what was expected, for any fault, and for a query beyond
    the bounds: 20 KB, groups nested 50 deep, 3,000 terms with those of its definitions.
    """
    query = scan.straighten_quotes(text)
    scan.check(query)
    converter = _Converter(query, definitions or {})
    root = converter.convert(_parse(query), Scope.ANYWHERE)
    if depth(root) > MAX_DEPTH:
        raise scan.fault(query, 0, f"the query and its definitions are nested more than {MAX_DEPTH} deep")
    return TopicQuery(text, root)


def _parse(query: str) -> Any:
    """luqum's tree. Its parser keeps the state of a parse in itself, so each parse has its own copies."""
    from luqum.exceptions import ParseError
    from luqum.parser import lexer, parser

    own = copy.copy(parser)
    own.parse = type(parser).parse.__get__(own)  # luqum's wrapper would fall back on the shared lexer
    try:
        return own.parse(query, lexer=lexer.clone())
    except ParseError as unread:
        # check() has refused every fault known to us; this one is located as well as luqum can.
        found = re.search(r"position (\d+)", str(unread))
        offset = int(found[1]) if found else len(query)
        raise scan.fault(query, offset, "cannot be read here; expected a word, a phrase or a group") from unread


@dataclass(slots=True)
class _Converter:
    """Turns luqum's tree into ours, refusing what topics do not support."""

    query: str
    definitions: Mapping[str, TopicQuery]
    terms: Iterator[int] = field(default_factory=lambda: count(1))

    def convert(self, item: Any, scope: Scope) -> Node:
        match type(item).__name__:
            case "Word" | "Phrase":
                return self._term(item, scope, slop=None)
            case "Proximity":
                return self._term(item.term, scope, slop=int(item.degree))
            case "AndOperation" | "UnknownOperation":
                return And(tuple(self.convert(operand, scope) for operand in item.operands))
            case "OrOperation":
                return Or(tuple(self.convert(operand, scope) for operand in item.operands))
            case "Not" | "Prohibit":
                return Not(self.convert(item.a, scope))
            case "Group" | "FieldGroup":
                return self.convert(item.expr, scope)
            case "Boost":
                return Boosted(self.convert(item.expr, scope), self._factor(item))
            case "SearchField":
                return self._field(item, scope)
            case kind:
                raise self._fault(item, f"{kind} is not supported; expected a word, a phrase or a group")

    def _field(self, item: Any, scope: Scope) -> Node:
        name = str(item.name).lower()
        if name in _PROPERTIES and type(item.expr).__name__ == "Boost":
            factor, item.expr = self._factor(item.expr), item.expr.expr
            return Boosted(self._attribute(item, _PROPERTIES[name]), factor)
        if name in _PROPERTIES:
            return self._attribute(item, _PROPERTIES[name])
        if name not in _SCOPES:
            expected = "title, dateline, lead, body, outlet or lang"
            raise self._fault(item, f"unknown field {item.name!r}; expected {expected}")
        if scope is not Scope.ANYWHERE:
            raise self._fault(item, f"{name}: inside {scope}:; a term has one field")
        return self.convert(item.expr, _SCOPES[name])

    def _attribute(self, item: Any, property_: Property) -> Node:
        if type(item.expr).__name__ not in ("Word", "Phrase"):
            raise self._fault(item, f"expected one word or phrase after {property_}:")
        self._count(item)
        words = self._words(item.expr)
        if property_ is Property.LANGUAGE and (len(words) != 1 or words[0].prefix):
            raise self._fault(item, "expected a language code such as en or es after lang:")
        return Attribute(property_, words, offset=item.pos)

    def _term(self, item: Any, scope: Scope, slop: int | None) -> Node:
        if str(item.value).startswith("@"):
            return self._definition(item, scope)
        self._count(item)
        words = self._words(item)
        if slop is not None and len(words) < 2:
            raise self._fault(item, "~ needs two words or more between the quotation marks")
        source = item.value if slop is None else f"{item.value}~{slop}"
        return Term(words, slop, scope, source=source, offset=item.pos)

    def _definition(self, item: Any, scope: Scope) -> Node:
        name = item.value[1:]
        if name not in self.definitions:
            known = ", ".join(sorted(self.definitions)) or "none"
            raise self._fault(item, f"no definition is called {name!r}; known before this query: {known}")
        root = self.definitions[name].root
        for _ in leaves(root):
            self._count(item)
        return _placed(root, scope, item.pos)

    def _words(self, item: Any) -> tuple[Word, ...]:
        value = item.value[1:-1] if type(item).__name__ == "Phrase" else item.value
        words: list[Word] = []
        for piece in _PIECE.findall(value):
            words.extend(self._piece(item, piece))
        if not words:
            raise self._fault(item, f"{item.value} has no letter or digit that could be looked for")
        if len(words) > MAX_WORDS_IN_PHRASE:
            raise self._fault(item, f"a phrase of more than {MAX_WORDS_IN_PHRASE} words")
        return tuple(words)

    def _piece(self, item: Any, piece: str) -> Iterator[Word]:
        """The words of a run without spaces: `U.S.` has two, `migra*` is a prefix."""
        prefix = piece.endswith("*") and not piece.endswith("\\*")
        stem = piece[:-1] if prefix else piece
        if re.search(r"(?<!\\)[*?]", stem):
            raise self._fault(item, f"{piece}: * stands only at the end of a word, ? nowhere")
        found = tokenise(_ESCAPE.sub(r"\1", stem)).words
        if any(len(word) >= MAX_WORD_CHARS for word in found):
            raise self._fault(item, f"a word of {MAX_WORD_CHARS} letters or more")
        if prefix and not found:
            raise self._fault(item, "expected a letter or digit before *")
        for number, word in enumerate(found, 1):
            yield Word(word, prefix=prefix and number == len(found))

    def _factor(self, item: Any) -> float:
        factor = float(item.force)
        if not 0 < factor <= MAX_BOOST:
            raise self._fault(item, f"a boost of {factor:g}; expected more than 0 and at most {MAX_BOOST:g}")
        return factor

    def _count(self, item: Any) -> None:
        if next(self.terms) > MAX_TERMS:
            raise self._fault(item, f"more than {MAX_TERMS} terms; split the query")

    def _fault(self, item: Any, message: str) -> QueryError:
        return scan.fault(self.query, item.pos or 0, message)


def _placed(node: Node, scope: Scope, offset: int) -> Node:
    """A definition's tree as used at `offset`: terms without a field of their own are held to `scope`."""
    match node:
        case Term():
            narrow = scope if node.scope is Scope.ANYWHERE else node.scope
            return replace(node, scope=narrow, offset=offset)
        case Attribute():
            return replace(node, offset=offset)
        case And(children):
            return And(tuple(_placed(child, scope, offset) for child in children))
        case Or(children):
            return Or(tuple(_placed(child, scope, offset) for child in children))
        case Not(child):
            return Not(_placed(child, scope, offset))
        case Boosted(child, factor):
            return Boosted(_placed(child, scope, offset), factor)
