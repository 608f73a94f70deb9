"""A short quotation from an article's own text."""

from __future__ import annotations

import re

from worker.text.months import SHORT_MONTHS

_SENTENCE_END = re.compile(r"""[.!?…]["'”’»)\]]*(?=\s+["'“‘«(\[¿¡—-]*[A-ZÀ-ÖØ-Þ0-9])""")
_SHORT_MONTHS = "|".join(name for name in SHORT_MONTHS if name != "May")  # which is whole
# A full stop after these ends an abbreviation; a single letter before it is an initial ("U.S.", "J. Pérez").
_ABBREVIATION = re.compile(
    r"(?:\b[A-Za-z]|\b(?:Mr|Mrs|Ms|Dr|Dra|Sr|Sra|Srta|Lic|Ing|Gral|Col|Gen|Gov|Rep|Sen|Sgt|Lt|St|Jr|Prof|No|Núm|"
    rf"{_SHORT_MONTHS}|Sept|Ariz|Calif|Fla|EE|UU|vs|etc|Inc|Corp|Co|Ltd|Av))\.$"
)


def excerpt(text: str, *, sentences: int = 2, characters: int = 280) -> str:
    """The first `sentences` sentences of `text` on one line, at most `characters` long.

    Whole sentences where at least one fits; otherwise cut between words, with an ellipsis.
    """
    line = " ".join(text[: characters * 8 + 1000].split())  # enough for any spacing, bounded for any text
    kept = ""
    for end in _sentence_ends(line, sentences):
        if end > characters:
            break
        kept = line[:end]
    return kept or shorten(line, characters)


def shorten(line: str, characters: int) -> str:
    """`line`, cut to at most `characters` between two words (or in one that has no end), with an ellipsis."""
    if len(line) <= characters:
        return line
    if characters < 2:
        return line[:characters]
    head = line[: characters - 1]
    space = head.rfind(" ")
    # A cut that would lose more than half of the room falls inside an endless word: cut there instead.
    if not line[characters - 1].isspace() and space >= characters // 2:
        head = head[:space]
    return head.rstrip(" ,;:—–-") + "…"


def _sentence_ends(line: str, wanted: int) -> list[int]:
    ends: list[int] = []
    for match in _SENTENCE_END.finditer(line):
        if len(ends) == wanted:
            return ends
        if not _ABBREVIATION.search(line[max(0, match.start() - 8) : match.start() + 1]):
            ends.append(match.end())
    return ends if len(ends) == wanted else [*ends, len(line)]
