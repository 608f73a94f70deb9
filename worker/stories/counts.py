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
_GROUP_SIGN = re.compile(r"[.,]")
_SPACED = re.compile(r"(?<=\d)([.,]) (?=\d(?!\d))")  # decimals as text that was put together from tokens has them
_NUMBER = re.compile(r"(?P<grouped>\d{1,3}(?:[.,]\d{3})+)(?P<rest>[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?|[a-z]+")
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


def is_year(number: str) -> bool:
    """Whether a number in figures is taken for a year."""
    return bool(_YEAR.fullmatch(number))


def find_counts(text: str) -> set[str]:
    """Numbers of a text, years left out, so that they are the same in figures and words, English and Spanish; "1,980"
    is no year."""
    found = set()
    for match in _NUMBER.finditer(fold(text)):
        number = match[0]
        if match["grouped"]:
            rest = f".{match['rest'][1:]}" if match["rest"] else ""
            found.add(_GROUP_SIGN.sub("", match["grouped"]) + rest)
        elif not number[0].isdigit():
            if number in NUMBER_WORDS:
                found.add(str(NUMBER_WORDS[number]))
        elif not is_year(number):
            found.add(number.replace(",", "."))
    return found
