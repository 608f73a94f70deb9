"""What a topic file ignores: phrases whose words are no evidence, whatever they are elsewhere.

`new mexico` is not Mexico, `asilo de ancianos` no asylum, and the capital in `México, DF.` before the first sentence
only says where the reporter sat. Each term of a role or of a signal for the topic that could stand in such a phrase is
told so (`Term.unless`), once, when the file is loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from worker.errors import TopicFileError
from worker.topics.queries.tree import And, Attribute, Boosted, Node, Not, Or, Scope, Term, TopicQuery, Word
from worker.topics.signal import LanguageQuery

_START = 3  # letters


class _Starts:
    """Phrases by the first letters of their words: a topic has thousands of terms, and a thousand phrases."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        self._by_start: defaultdict[str, set[int]] = defaultdict(set)
        for number, term in enumerate(terms):
            for word in term.words:
                self._by_start[word.text[:_START]].add(number)

    def like(self, term: Term) -> Sequence[Term]:
        """Return the phrases of which a word may begin as one of the term's, in their order."""
        if any(word.prefix and len(word.text) < _START for word in term.words):
            return self._terms
        starts = {word.text[:length] for word in term.words for length in range(1, _START + 1)}
        found = sorted({number for start in starts for number in self._by_start.get(start, ())})
        return [self._terms[number] for number in found]


@dataclass(frozen=True, slots=True)
class Ignored:
    """The phrases of an [ignore] table, by language.

    What could meet a term is looked for once: a topic's lists stand in many of its queries.
    """

    terms: dict[str | None, tuple[Term, ...]]
    _met: dict[tuple[str | None, tuple[Word, ...], Scope], tuple[Term, ...]] = field(default_factory=dict)
    _starts: dict[str | None, _Starts] = field(default_factory=dict)

    def meeting(self, language: str | None, term: Term) -> tuple[Term, ...]:
        """The phrases in which the term could stand, in a query for that language (None for any)."""
        key = (language, term.words, term.scope)
        if key not in self._met:
            if language not in self._starts:
                self._starts[language] = _Starts(self._for(language))
            self._met[key] = tuple(each for each in self._starts[language].like(term) if _meet(term, each))
        return self._met[key]

    def _for(self, language: str | None) -> tuple[Term, ...]:
        if language is None:
            return tuple(term for terms in self.terms.values() for term in terms)
        return (*self.terms.get(None, ()), *self.terms.get(language, ()))


def ignored_terms(queries: Sequence[LanguageQuery]) -> Ignored:
    """The phrases of an [ignore] table. Raises TopicFileError for more than words joined by OR."""
    return Ignored({each.language: _alternatives(each.query.root) for each in queries})


def without_ignored(queries: Sequence[LanguageQuery], ignored: Ignored) -> tuple[LanguageQuery, ...]:
    """The queries with each term told where it does not count."""
    return tuple(
        replace(each, query=TopicQuery(each.query.text, _told(each.query.root, each.language, ignored)))
        for each in queries
    )


def _alternatives(node: Node) -> tuple[Term, ...]:
    match node:
        case Term():
            return (node,)
        case Or(children):
            return tuple(term for child in children for term in _alternatives(child))
    raise TopicFileError("ignore: expected words and phrases joined by OR")


def _told(node: Node, language: str | None, ignored: Ignored) -> Node:
    match node:
        case Term():
            unless = ignored.meeting(language, node)
            return replace(node, unless=unless) if unless else node
        case And(children) | Or(children):
            return type(node)(tuple(_told(child, language, ignored) for child in children))
        case Not(child):
            return Not(_told(child, language, ignored))
        case Boosted(child, factor):
            return Boosted(_told(child, language, ignored), factor)
        case Attribute():
            return node


def _meet(term: Term, other: Term) -> bool:
    """Whether a word of the article could belong to both, and they are not one and the same."""
    same = (term.words, term.scope) == (other.words, other.scope)
    return not same and any(_same(word, each) for word in term.words for each in other.words)


def _same(word: Word, other: Word) -> bool:
    return (
        (word.prefix and other.text.startswith(word.text))
        or (other.prefix and word.text.startswith(other.text))
        or word.text == other.text
    )
