"""What is legal in a query and still probably not meant."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from worker.text.languages import is_code
from worker.topics.queries.tree import (
    And,
    Attribute,
    Node,
    Not,
    Or,
    Property,
    Term,
    TopicQuery,
    children,
    leaves,
)

_SHORT_PREFIX = 2
_OPERATORS = frozenset({"and", "or", "not"})


@dataclass(frozen=True, slots=True)
class QueryWarning:
    """A remark on a query. `line` and `column` count from 1."""

    message: str
    line: int
    column: int


def lint(query: TopicQuery, *, vocabulary: Container[str] | None = None) -> tuple[QueryWarning, ...]:
    """Warn of what the query says and its author hardly means, in the order of the text.

    Terms that can never match, a query that matches everything, prefixes of one letter, operators in
    small letters. With a `vocabulary` of folded words (those of the stored articles, say) also of
    words that are not in it: most of those are typos.
    """
    found = [*_whole(query.root), *_terms(query.root, vocabulary), *_contradictions(query.root)]
    found.sort(key=lambda remark: remark[0])
    return tuple(dict.fromkeys(_warning(query.text, offset, message) for offset, message in found))


def lint_guard(guard: TopicQuery, roles: Iterable[TopicQuery]) -> tuple[QueryWarning, ...]:
    """Warn where what speaks against a topic is switched off by a word of one of its roles.

    `butterfl* AND NOT migrant*` guards no headline that says "butterflies, the only welcome migrants". The weights
    decide between the two; a guard that leaves the decision to the word it guards against does not guard.
    """
    spoken = {leaf.words for each in roles for leaf in leaves(each.root) if isinstance(leaf, Term)}
    found = {leaf.offset: leaf.source for leaf in _switches(guard.root, off=False) if leaf.words in spoken}
    return tuple(
        _warning(guard.text, offset, f"{source}: a word of the topic's own roles switches off what guards against it")
        for offset, source in sorted(found.items())
    )


def _switches(node: Node, *, off: bool) -> Iterator[Term]:
    if isinstance(node, Term):
        if off:
            yield node
        return
    for child in children(node):
        yield from _switches(child, off=off != isinstance(node, Not))


def _warning(text: str, offset: int, message: str) -> QueryWarning:
    before = text[:offset]
    return QueryWarning(message, before.count("\n") + 1, offset - before.rfind("\n"))


def _whole(root: Node) -> Iterator[tuple[int, str]]:
    if _holds_of_nothing(root):
        yield 0, "matches an article that has none of these terms, so nearly every article"


def _holds_of_nothing(node: Node) -> bool:
    """Whether the node holds of an article in which no term occurs."""
    if isinstance(node, Not):
        return not _holds_of_nothing(node.child)
    if isinstance(node, And):
        return all(_holds_of_nothing(child) for child in node.children)
    return any(_holds_of_nothing(child) for child in children(node))


def _terms(root: Node, vocabulary: Container[str] | None) -> Iterator[tuple[int, str]]:
    for leaf in leaves(root):
        if isinstance(leaf, Attribute):
            yield from _language(leaf)
            continue
        for word in leaf.words:
            if word.prefix and len(word.text) < _SHORT_PREFIX:
                yield leaf.offset, f"{leaf.source}: a prefix of one letter matches almost any text"
            elif vocabulary is not None and not word.prefix and word.text not in vocabulary:
                yield leaf.offset, f"{leaf.source}: {word.text!r} has never occurred; is it a typo?"
        if leaf.source in _OPERATORS:
            yield leaf.offset, f"{leaf.source!r} is a word here; the operator is {leaf.source.upper()}"


def _language(leaf: Attribute) -> Iterator[tuple[int, str]]:
    code = leaf.words[0].text
    if leaf.property is Property.LANGUAGE and not is_code(code):
        yield leaf.offset, f"lang:{code} never matches: languages are codes of two letters, such as en or es"


def _contradictions(node: Node) -> Iterator[tuple[int, str]]:
    for child in children(node):
        yield from _contradictions(child)
    if isinstance(node, And):
        required = {child for child in node.children if not isinstance(child, Not)}
        for child in node.children:
            if isinstance(child, Not) and required & set(_alternatives(child.child)):
                yield _offset(child), "never matches: the same term is required and excluded"
        yield from _languages(node)


def _languages(node: And) -> Iterator[tuple[int, str]]:
    wanted = [child for child in node.children if isinstance(child, Attribute) and child.property is Property.LANGUAGE]
    if len({child.words for child in wanted}) > 1:
        yield wanted[1].offset, "never matches: an article has one language; join lang: fields with OR"


def _alternatives(node: Node) -> tuple[Node, ...]:
    return (node, *node.children) if isinstance(node, Or) else (node,)


def _offset(node: Node) -> int:
    return next((leaf.offset for leaf in leaves(node)), 0)
