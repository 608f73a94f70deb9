"""Words without what writers leave out or vary: accents and case."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

from worker.text.characters import ACCENTS, deletion_table

_ACCENTS = deletion_table(ACCENTS)


def strip_accents(text: str, dropped: Mapping[int, None] = _ACCENTS) -> str:
    """`text` in compatibility form (ligatures and full-width letters taken apart), without the characters `dropped`."""
    return text if text.isascii() else normalize("NFKD", text).translate(dropped)


def fold(text: str, dropped: Mapping[int, None] = _ACCENTS) -> str:
    """`text` as `strip_accents` leaves it, and without case."""
    return text.lower() if text.isascii() else normalize("NFKD", text).translate(dropped).casefold()
