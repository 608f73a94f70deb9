"""Sets of characters that several rooms look for, written as the inside of a pattern's brackets.

A room that needs more builds its own set from these, so that what it adds or leaves out can be seen.
"""

from __future__ import annotations

ACCENTS = "\u0300-\u036f"
"""The combining accents of Latin, Greek and Cyrillic."""

SOFT_HYPHEN = "\u00ad"
JOINER = "\u200d"
"""Joins emoji and letters of Indic scripts: shown text keeps it."""
ZERO_WIDTH = f"\u200b\u200c{JOINER}\u2060\ufeff"
BIDIRECTIONAL = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks, embeddings, overrides and isolates (Unicode TR36 §3.3)."""
ARABIC_LETTER_MARK = "\u061c"
"""A bidirectional mark too; in a topic's words it parts as any other sign does, so it stands apart."""
INVISIBLE_OPERATORS = "\u2061-\u2064"

INVISIBLE = f"{SOFT_HYPHEN}{ZERO_WIDTH}{BIDIRECTIONAL}{INVISIBLE_OPERATORS}"
"""What stands in a text and is not seen."""

UNSPACED = "\u3040-\u30ff\u3400-\u9fff"
"""Kana and Han: Chinese and Japanese write no spaces between words."""
FIRST_UNSPACED, LAST_UNSPACED = UNSPACED[0], UNSPACED[-1]


def deletion_table(characters: str) -> dict[int, None]:
    """Return what `str.translate` needs to drop every one of a set's characters; ranges are written "a-z"."""
    dropped: dict[int, None] = {}
    place = 0
    while place < len(characters):
        last = place + 2 if characters[place + 1 : place + 2] == "-" else place
        dropped.update(dict.fromkeys(range(ord(characters[place]), ord(characters[last]) + 1)))
        place = last + 1
    return dropped
