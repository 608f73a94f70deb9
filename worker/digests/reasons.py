"""Why a story is here, in words as a person would pick them out of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from worker.text.folding import fold

LONGEST = 40
"""Characters: a span of words near each other can be half a sentence, which is no word any more."""

_ABBREVIATION_CUT = re.compile(r"(?:\b[A-Z]{1,2}\.\s?)+[A-Z]{1,2}\Z")  # "U.S" of "U.S.", "EE.UU" of "EE.UU."
_ABBREVIATION = re.compile(r"(?:\b[A-Z]{1,2}\.\s?){2,}")
_BREAK = re.compile(r"[.!?…;:]\W*\s|\n|[|•·■]")
_BLOTTED = re.compile(r"[\u2580-\u259f\u25a0\u25aa\ufffd*_]|(\S)\1{3}|\[[^\]]*\]")
_EDGES = " \t\"'“”‘’«»()[]{}<>,;:!?¡¿…—–-"
_WORD = re.compile(r"[^\W\d_]{2}")


def reason_words(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """The words of `text` at `spans` (start and end), each once, as they may be shown; what is no word is left out.

    An abbreviation gets back the full stop it lost; a span across the end of a sentence, through a redaction or
    longer than LONGEST names nothing.
    """
    return distinct(filter(None, (_reason(text, start, end) for start, end in spans)))


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """`words` in their order, without those that another before says already: by case, accent or plural."""
    kept: dict[str, str] = {}
    for word in words:
        key = _key(word)
        if key and key not in kept:
            kept[key] = word
    return tuple(kept.values())


def _reason(text: str, start: int, end: int) -> str:
    if text[end : end + 1] == "." and _ABBREVIATION_CUT.search(text[start:end]):
        end += 1
    raw = text[start:end]
    if _BREAK.search(_ABBREVIATION.sub("", raw)) or _BLOTTED.search(raw):
        return ""
    words = _said_once(" ".join(raw.split()).strip(_EDGES))
    return words if len(words) <= LONGEST and _WORD.search(words.replace(".", "")) else ""


def _said_once(words: str) -> str:
    """ "México, México" is one word."""
    parts = re.split(r"\s*,\s*|\s+", words)
    return parts[0] if len(parts) > 1 and len({fold(part) for part in parts}) == 1 else words


def _key(word: str) -> str:
    return " ".join(_singular(part) for part in re.findall(r"\w+", fold(word)))


def _singular(part: str) -> str:
    if len(part) > 4 and part.endswith("es") and part[-3] in "drlnjz":
        return part[:-2]
    return part[:-1] if len(part) > 3 and part.endswith("s") and not part.endswith("ss") else part
