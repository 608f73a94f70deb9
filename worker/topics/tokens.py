"""Text into folded words that remember where they stood.

Words are found in the text as it is and folded one at a time, so offsets need no mapping: accents,
case, ligatures and zero-width characters never move them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from worker.text import folding
from worker.text.characters import ACCENTS, INVISIBLE, deletion_table

MAX_CHARS = 80_000
"""Characters of a field that are read: the longest of 437 news articles has 53,088; a body cut here
keeps the time for a megabyte of text bounded."""

MAX_WORDS = 12_000
"""Words of a field that are read, for the same reason."""

MAX_WORD_CHARS = 64
"""Characters of one word that are compared; no word of a query can be longer."""

# Characters that belong to the word they stand in and vanish when it is folded: what is invisible, and combining
# marks, here those of Cyrillic, Hebrew and Arabic too.
_MARKS = f"{ACCENTS}\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640\u180e"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}{INVISIBLE}])*")
_DROPPED = deletion_table(f"{_MARKS}{INVISIBLE}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Folded words of one field, and for each its start and end in the field's characters."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def fold(word: str) -> str:
    """The form in which words are compared: no case, no accents, no zero-width characters."""
    return folding.fold(word[:MAX_WORD_CHARS], _DROPPED)[:MAX_WORD_CHARS]


def tokenise(text: str) -> Tokens:
    """The words of `text` within `MAX_CHARS` and `MAX_WORDS`."""
    folded: dict[str, str] = {}
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in islice(_WORD.finditer(text, 0, MAX_CHARS), MAX_WORDS):
        written = found[0]
        word = folded.get(written)
        if word is None:
            word = folded[written] = fold(written)
        words.append(word)
        spans.append(found.span())
    return Tokens(tuple(words), tuple(spans))
