"""Runs of text from inline elements → one line, without gluing two words or splitting one."""

from __future__ import annotations

import re

from worker.text import characters

# Invisible, and poison to matching.
INVISIBLE = re.compile(f"[{characters.INVISIBLE}{characters.ARABIC_LETTER_MARK}]")
_STOPS = tuple(".!?…。！？")
_CLOSING = "\"'”’»)]"
_LONGEST_WORD = 40  # a search for the end of a run of 5 MB would take its square
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_OPENING = "“«„¿¡"
# Words that never end another word's stem. Where a tag ended and one of these follows without a space, the page
# lost the space ("Guatemala</b>with"). Endings such as s, ed, in, er, the like are not here.
_FREE_WORDS = frozenset(
    [
        "and", "are", "because", "been", "but", "can", "could", "from", "had", "has", "have", "his", "how",
        "into", "its", "not", "only", "our", "said", "she", "that", "their", "them", "then", "there", "these",
        "they", "this", "those", "was", "were", "what", "when", "where", "which", "while", "who", "will",
        "with", "would", "you", "your", "como", "con", "cuando", "desde", "entre", "esta", "este", "hasta",
        "los", "las", "para", "pero", "por", "porque", "que", "según", "sin", "sobre", "una", "uno", "com",
        "mais", "não", "pelo", "pela", "seu", "sua", "uma", "avec", "dans", "des", "elle", "est", "les",
        "leur", "mais", "nous", "pour", "qui", "sont", "sur", "une", "vous", "aber", "als", "auf", "aus",
        "bei", "das", "dem", "den", "der", "die", "durch", "ein", "eine", "für", "mit", "nach", "nicht",
        "oder", "sich", "sie", "und", "von", "vor", "wird", "zu",
    ]
)  # fmt: skip


def fold_space(text: str) -> str:
    """Text on one line: spaces folded, invisible characters gone."""
    return " ".join((text if text.isascii() else INVISIBLE.sub("", text)).split())


def ends_sentence(text: str) -> bool:
    """Whether text that `fold_space` made ends as a sentence does, quotes and brackets that close it apart."""
    return text.rstrip(_CLOSING).endswith(_STOPS)


def join_runs(runs: list[str]) -> str:
    """The runs as one line. An empty run is a tag's edge: there, and only there, a lost space is put back."""
    pieces: list[str] = []
    last, edges = "", 0
    for run in runs:
        if not run:
            edges += 1
            continue
        if edges and last and _lost_space(last, run, edges):
            pieces.append(" ")
        pieces.append(run)
        last, edges = run, 0
    return fold_space("".join(pieces))


def _lost_space(left: str, right: str, edges: int) -> bool:
    before, after = left[-1], right[0]
    if before.isspace() or after.isspace() or not before.isalnum():
        return False
    if after in _OPENING:
        return before.isalpha()
    word, ending = _FIRST_WORD.match(right), _LAST_WORD.search(left[-_LONGEST_WORD:])
    if word is None or ending is None:
        return False
    if word[0] in _FREE_WORDS and len(ending[0]) > 1:
        return True
    if after.isupper() and before.islower() and len(ending[0]) > 2:
        return True
    # Two elements side by side, both of whole words: `<b>Guatemala</b><i>officials</i>`.
    return edges > 1 and len(ending[0]) > 3 and len(word[0]) > 3
