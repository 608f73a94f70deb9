"""The gist of an article: its headline and first words, few enough that no text can cost much."""

from __future__ import annotations

from itertools import islice
from re import compile as pattern

WORDS = 60
CHARACTERS = 600
"""A model's cost grows with its tokens, of which a character of an odd script can be more than one."""

_WORD = pattern(r"[^\s\x00-\x1f\x7f-\x9f]+")
_READ = 20 * CHARACTERS  # blanks and control characters between words are read no further


def gist(title: str, text: str) -> str:
    """Return what a sentence model is given of an article: at most `WORDS` words and `CHARACTERS` characters.

    Every character of it can be written as UTF-8, and none is a control character. Empty where there is nothing.
    """
    heading = title[:_READ].strip()
    opening = f"{heading}. {text[:_READ]}" if heading else text[:_READ]
    written = opening.encode("utf-8", "replace").decode("utf-8")
    words = (found[0] for found in _WORD.finditer(written))
    return " ".join(islice(words, WORDS))[:CHARACTERS].strip()
