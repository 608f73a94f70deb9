"""Words of other languages under the English terms they share stories with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from worker.stories.rarity import list_frequency
from worker.stories.terms import STEM
from worker.text.folding import fold
from worker.text.languages import ENGLISH, LANGUAGES

# An English beginning this common is more likely an English word than a borrowed one.
_MAX_ENGLISH_FREQUENCY = 3e-6
_TRANSLATED = frozenset(one.code for one in LANGUAGES if one.lexicon)


def as_terms(words: Iterable[str], language: str) -> Iterator[str]:
    """Folded words as the terms that articles in all languages share; `language` is a base language."""
    if language not in _TRANSLATED:
        yield from (word[:STEM] for word in words)
        return
    for word in words:
        yield translate(word, language) or word[:STEM]


def translate(word: str, language: str) -> str | None:
    """English term for a folded word of a language that has a lexicon, or None.

    Inflected forms of a listed word are found by their beginning where that is no English one.
    """
    words, beginnings = _load(language)
    return words.get(word) or beginnings.get(word[:STEM])


@cache
def _load(language: str) -> tuple[dict[str, str], dict[str, str]]:
    words: dict[str, str] = {}
    ambiguous: dict[str, set[str]] = {}
    lexicon = files("worker.stories").joinpath("lexicons", f"{language}.txt")
    for line in lexicon.read_text("utf8").splitlines():
        english, *foreign = fold(line).split() or [""]
        if not line.startswith("#"):
            for word in foreign:
                term = words.setdefault(word, english[:STEM])
                if len(word) >= STEM:
                    ambiguous.setdefault(word[:STEM], set()).add(term)
    beginnings = {
        start: next(iter(terms))
        for start, terms in ambiguous.items()
        if len(terms) == 1 and list_frequency(start, ENGLISH.code) < _MAX_ENGLISH_FREQUENCY
    }
    return words, beginnings
