"""The words of a text as copies are compared by: without case, accents, quotes and punctuation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

# Longer texts are compared by their beginning: long enough for any article, short enough that twenty
# candidates are read and compared in under 200 ms (`python -m benchmarks.dedupe`).
COMPARED_CHARACTERS = 30_000
COMPARED_WORDS = 4_000

# Chinese and Japanese write no spaces: each character counts as a word.
_WORD = re.compile(r"[぀-ヿ㐀-鿿]|\d+(?:[.,:]\d+)*|[^\W_぀-ヿ㐀-鿿]+")
_SENTENCE_END = re.compile(r"[.!?…:;\n\"“”«»¿¡•|]")
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
# The combining accents of Latin, Greek and Cyrillic.
_ACCENTS = dict.fromkeys(range(0x300, 0x370))

# Days, months, compass points and small numbers are facts though they may be written in lower case.
_LOWER_CASE_FACTS = """
    monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december
    lunes martes miercoles jueves viernes sabado domingo
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    north south east west northern southern eastern western norte sur este oeste
    two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty
    dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta
"""
_CALENDAR_AND_COUNT = frozenset(_LOWER_CASE_FACTS.split())


@dataclass(frozen=True, slots=True)
class Wording:
    """Normalised words, and which of the first `COMPARED_WORDS` state a fact: a name, number or day."""

    words: tuple[str, ...]
    facts: frozenset[int]


def read_wording(text: str) -> Wording:
    """Words of the text's first `COMPARED_CHARACTERS`.

    Accents are folded, since capitals are often written without them.
    """
    plain = _fold_accents(text[:COMPARED_CHARACTERS])
    written = _WORD.findall(plain)
    words = tuple(" ".join(written).casefold().split(" ")) if written else ()
    return Wording(words, _find_facts(plain, words))


def _fold_accents(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFKD", text.translate(_INVISIBLE)).translate(_ACCENTS)


def _find_facts(plain: str, words: tuple[str, ...]) -> frozenset[int]:
    names, openers = _find_names(plain)
    known = {words[position] for position in names}
    names.update(position for position in openers if words[position] in known)
    names.update(
        position
        for position, word in enumerate(words[:COMPARED_WORDS])
        if word[0].isdigit() or word in _CALENDAR_AND_COUNT
    )
    return frozenset(names)


def _find_names(plain: str) -> tuple[set[int], list[int]]:
    """Positions of names, and of capitalised words that open a sentence.

    A capital at the start of a sentence says nothing, unless the word has one elsewhere too; where
    most words are written with capitals, none says anything.
    """
    names: set[int] = set()
    openers: list[int] = []
    position = end = 0
    for position, match in enumerate(islice(_WORD.finditer(plain), COMPARED_WORDS)):
        word = match[0]
        if word[0].isupper():
            if position == 0 or _SENTENCE_END.search(plain, end, match.start()):
                openers.append(position)
            elif len(word) > 1:
                names.add(position)
        end = match.end()
    return (set(), []) if len(names) > position / 2 else (names, openers)
