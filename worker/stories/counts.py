"""Numbers as reports state them, in figures or in words: "Four die", "mató a cuatro", "1.200 personas", "5. 9"."""

from __future__ import annotations

import re
from functools import cache

from worker.stories.lexicon import as_terms
from worker.text.folding import fold
from worker.text.number_words import NUMBER_WORDS

_LARGE = {
    "en": "hundred thousand million billion trillion dozen percent half",
    "es": "cien mil millones billones docena docenas porciento mitad",
}
_GROUPED = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_SPACED = re.compile(r"(?<=\d)([.,]) (?=\d(?!\d))")  # decimals as text that was put together from tokens has them
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?|[a-z]+")
_YEAR = re.compile(r"(?:19|20)\d\d")


def join_decimals(text: str) -> str:
    """Return the text with "5. 9" as "5.9"."""
    return _SPACED.sub(r"\1", text)


def is_number_word(term: str) -> bool:
    """Whether a term, as articles in all languages share them, is that of a large number or a share."""
    return term in _number_words()


@cache
def _number_words() -> frozenset[str]:
    return frozenset(term for language, words in _LARGE.items() for term in as_terms(words.split(), language))


def find_counts(text: str) -> set[str]:
    """Numbers of a text, years left out, so that they are the same in figures and words, English and Spanish."""
    found = set()
    for match in _NUMBER.findall(_GROUPED.sub("", fold(text))):
        if not match[0].isdigit():
            if match in NUMBER_WORDS:
                found.add(str(NUMBER_WORDS[match]))
        elif not _YEAR.fullmatch(match):
            found.add(match.replace(",", "."))
    return found
