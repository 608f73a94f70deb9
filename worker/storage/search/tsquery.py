"""A look-up in PostgreSQL's tsvector. Words hold letters and digits alone, so that nothing in them ends a quotation.

A word of the headline is in the vector a second time as `title=word`; outlet and language are `outlet=word`, `lang=es`.
"""

from __future__ import annotations

from collections.abc import Sequence

from worker.storage.search.lookup import Lookup
from worker.topics.queries.tree import Attribute, Property, Scope, Term, Word


class TsQuery:
    """Writes the text of a `tsquery`."""

    def term(self, term: Term) -> Lookup:
        """A vector knows words, prefixes and phrases, but neither nearness in any order nor parts of a text."""
        if term.scope is Scope.TITLE:
            return Lookup(self.every([_word(word, "title=") for word in term.words]), exact=len(term.words) == 1)
        exact = term.scope is Scope.ANYWHERE and term.slop is None
        if term.slop is None and len(term.words) > 1:
            return Lookup(f"({' <-> '.join(_word(word) for word in term.words)})", exact)
        return Lookup(self.every([_word(word) for word in term.words]), exact)

    def attribute(self, attribute: Attribute) -> Lookup:
        """The words of an outlet's name in any order are found, and then read."""
        if attribute.property is Property.LANGUAGE:
            return Lookup(_word(attribute.words[0], "lang="))
        words = [_word(word, "outlet=") for word in attribute.words]
        return Lookup(self.every(words), exact=len(words) == 1)

    def every(self, parts: Sequence[str]) -> str:
        """All of them."""
        return f"({' & '.join(parts)})"

    def some(self, parts: Sequence[str]) -> str:
        """At least one of them."""
        return f"({' | '.join(parts)})"

    def without(self, wanted: str, unwanted: str) -> str:
        """The first where the second does not hold."""
        return f"({wanted} & !{unwanted})"


def _word(word: Word, mark: str = "") -> str:
    return f"'{mark}{word.text}'{':*' if word.prefix else ''}"
