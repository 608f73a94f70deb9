"""How much a term says: the rarer in everyday language, the more."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from math import exp, expm1, log, log1p

from worker.stories.terms import STEM
from worker.text.folding import fold
from worker.text.languages import ENGLISH, LANGUAGES
from worker.text.word_frequencies import word_frequencies

# The chance of meeting a term in this many words of everyday text makes its weight (measured: 30 to 100
# do equally well; the plain logarithm gives common words too much, whole articles too little).
_PASSAGE = 50
_HALF_MET = log(2) / _PASSAGE  # the frequency of a term that every second passage has
_RAREST = 1e-7  # terms no list holds
_NUMBER = 1e-5  # numbers are too many for lists
_LISTED = frozenset(one.code for one in LANGUAGES if one.word_list)
SHARED = (ENGLISH.code, *(one.code for one in LANGUAGES if one.lexicon))
"""Languages whose articles share terms."""


def has_list(language: str) -> bool:
    """Whether the frequencies of a language are known."""
    return language in _LISTED


def rarity(term: str, language: str, *, share: float = 0.0) -> float:
    """Weight of a term: -log of the chance to meet it in a passage of everyday text.

    English and the languages whose words are led to its own (Spanish) count as one, so that articles in either have
    the same weights. `share` is a lower bound of the term's frequency, for languages without a list.
    """
    return _weigh(max(_frequency(term, language), share))


def list_frequency(term: str, language: str) -> float:
    """Share of all words of a language that begin with `term`; 0.0 where the list does not hold it."""
    return _load_frequencies(language).get(term, 0.0)


def _weigh(frequency: float) -> float:
    """Each end by the function that is exact there: a term of every other word still weighs more than nothing."""
    met = -_PASSAGE * frequency
    return -log(-expm1(met)) if frequency < _HALF_MET else -log1p(-exp(met))


@lru_cache(maxsize=1 << 16)
def _frequency(term: str, language: str) -> float:
    blended = sum(list_frequency(term, one) for one in SHARED) / len(SHARED)
    own = list_frequency(term, language) if language not in SHARED and has_list(language) else 0.0
    return max(blended, own, _NUMBER if term.isdigit() else _RAREST)


@lru_cache(maxsize=6)
def _load_frequencies(language: str) -> dict[str, float]:
    frequencies: dict[str, float] = defaultdict(float)
    for word, frequency in word_frequencies(language).items():
        frequencies[fold(word)[:STEM]] += frequency
    return dict(frequencies)
