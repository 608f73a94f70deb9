"""Spanish words under the English terms they share stories with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

from worker.stories.rarity import list_frequency
from worker.stories.terms import STEM, fold

# An English beginning this common is more likely an English word than a borrowed Spanish one.
_MAX_ENGLISH_FREQUENCY = 3e-6


def as_terms(words: Iterable[str], language: str) -> Iterator[str]:
    """Folded words as the terms that articles in English and Spanish share; `language` is a base language."""
    for word in words:
        yield (translate(word) if language == "es" else None) or word[:STEM]


def translate(word: str) -> str | None:
    """English term for a folded Spanish word, or None.

    Inflected forms of a listed word are found by their beginning where that is no English one.
    """
    words, beginnings = _load()
    return words.get(word) or beginnings.get(word[:STEM])


@lru_cache(maxsize=1)
def _load() -> tuple[dict[str, str], dict[str, str]]:
    words: dict[str, str] = {}
    ambiguous: dict[str, set[str]] = {}
    for line in files("worker.stories").joinpath("lexicon.txt").read_text("utf8").splitlines():
        english, *spanish = fold(line).split() or [""]
        if not line.startswith("#"):
            for word in spanish:
                term = words.setdefault(word, english[:STEM])
                if len(word) >= STEM:
                    ambiguous.setdefault(word[:STEM], set()).add(term)
    beginnings = {
        start: next(iter(terms))
        for start, terms in ambiguous.items()
        if len(terms) == 1 and list_frequency(start, "en") < _MAX_ENGLISH_FREQUENCY
    }
    return words, beginnings
