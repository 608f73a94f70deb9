"""A look-up in SQLite's FTS5. Words hold letters and digits alone, so that nothing in them can end a quotation."""

from __future__ import annotations

from collections.abc import Sequence

from worker.storage.search.lookup import Lookup
from worker.topics.queries.tree import Attribute, Property, Scope, Term, Word

_COLUMNS = {Scope.ANYWHERE: "{title text}", Scope.TITLE: "title"}
_IN_TEXT = "text"


class Fts5:
    """Writes FTS5's query language."""

    def term(self, term: Term) -> Lookup:
        """FTS5 knows a phrase whose last word is a prefix, and nearness in any order, but no lead and no dateline."""
        column = _COLUMNS.get(term.scope, _IN_TEXT)
        exact = term.scope in (Scope.ANYWHERE, Scope.TITLE, Scope.BODY)
        words, slop = term.words, term.slop
        if slop is not None:
            # It counts what lies between the first and the last word, those sought among it.
            near = f"NEAR({' '.join(_phrase((word,)) for word in words)}, {slop + len(words) - 2})"
            return Lookup(f"({column} : {near})", exact and len(set(words)) == len(words) and _are_plain(words))
        if any(word.prefix for word in words[:-1]):
            return Lookup(self.every([f"{column} : {_phrase((word,))}" for word in words]), exact=False)
        return Lookup(self.some([f"{column} : {_phrase(each)}" for each in _spelled(words)]), exact)

    def attribute(self, attribute: Attribute) -> Lookup:
        """Outlet and language are columns; a language is its code's first part, whatever region follows."""
        if attribute.property is Property.LANGUAGE:
            return Lookup(f"(language : ^ {_phrase(attribute.words)})")
        if any(word.prefix for word in attribute.words[:-1]):
            return Lookup(self.every([f"outlet : {_phrase((word,))}" for word in attribute.words]), exact=False)
        return Lookup(f"(outlet : {_phrase(attribute.words)})")

    def every(self, parts: Sequence[str]) -> str:
        """All of them."""
        return f"({' AND '.join(parts)})"

    def some(self, parts: Sequence[str]) -> str:
        """At least one of them."""
        return f"({' OR '.join(parts)})"

    def without(self, wanted: str, unwanted: str) -> str:
        """The first where the second does not hold."""
        return f"({wanted} NOT {unwanted})"


def _phrase(words: Sequence[Word]) -> str:
    return f'"{" ".join(word.text for word in words)}"{"*" if words[-1].prefix else ""}'


def _spelled(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    """The words, and as they are where ß, which FTS5 does not fold, stands for each ss."""
    sharp = tuple(Word(word.text.replace("ss", "ß"), word.prefix) for word in words)
    return [words] if sharp == words else [words, sharp]


def _are_plain(words: tuple[Word, ...]) -> bool:
    return all(not word.prefix and "ss" not in word.text for word in words)
