"""The words of a text as copies are compared by: without case, accents, quotes and punctuation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from worker.text.characters import SOFT_HYPHEN, UNSPACED, ZERO_WIDTH, deletion_table
from worker.text.folding import fold, strip_accents
from worker.text.languages import LANGUAGES
from worker.text.months import DATELINE_MONTHS

# Longer texts are compared by their beginning: long enough for any article, short enough that twenty
# candidates are read and compared in under 200 ms (`python -m benchmarks.dedupe`).
COMPARED_CHARACTERS = 30_000
COMPARED_WORDS = 4_000

# Chinese and Japanese write no spaces: each character counts as a word.
_WORD = re.compile(rf"[{UNSPACED}]|\d+(?:[.,:]\d+)*|[^\W_{UNSPACED}]+")
_SENTENCE_END = re.compile(r"[.!?…:;\n\"“”«»¿¡•|]")
_INVISIBLE = deletion_table(f"{SOFT_HYPHEN}{ZERO_WIDTH}")

# Days, months, compass points and small numbers are facts though they may be written in lower case.
_CALENDAR = {fold(day) for language in LANGUAGES if language.datelines for day in language.weekdays} | {
    month
    for month in DATELINE_MONTHS
    if month != "may"  # oftener a verb
}
_LOWER_CASE_FACTS = """
    north south east west northern southern eastern western norte sur este oeste
    two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty
    dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta
"""
_CALENDAR_AND_COUNT = frozenset(_CALENDAR.union(_LOWER_CASE_FACTS.split()))


@dataclass(frozen=True)
class Wording:
    """Normalised words; of the first `COMPARED_WORDS`, as they stand in the `plain` text, what each of them is.

    That takes three times as long to find as the words, and is asked only of texts that share many of them.
    """

    words: tuple[str, ...]
    plain: str = field(repr=False)

    @property
    def facts(self) -> frozenset[int]:
        """Which words state a fact: a name, number or day."""
        return self._marks[0]

    @property
    def sentences(self) -> tuple[int, ...]:
        """The number of the sentence in which each word stands."""
        return self._marks[1]

    @cached_property
    def _marks(self) -> tuple[frozenset[int], tuple[int, ...]]:
        sentences, names, openers = _walk(self.plain)
        return _find_facts(self.words, names, openers), sentences


NO_WORDING = Wording((), "")


def read_wording(text: str) -> Wording:
    """Words of the text's first `COMPARED_CHARACTERS`.

    Accents are folded, since capitals are often written without them.
    """
    compared = text[:COMPARED_CHARACTERS]
    plain = compared if compared.isascii() else strip_accents(compared.translate(_INVISIBLE))
    written = _WORD.findall(plain)
    return Wording(tuple(" ".join(written).casefold().split(" ")) if written else (), plain)


def _find_facts(words: tuple[str, ...], names: set[int], openers: list[int]) -> frozenset[int]:
    known = {words[position] for position in names}
    names.update(position for position in openers if words[position] in known)
    names.update(
        position
        for position, word in enumerate(words[:COMPARED_WORDS])
        if word[0].isdigit() or word in _CALENDAR_AND_COUNT
    )
    return frozenset(names)


def _walk(plain: str) -> tuple[tuple[int, ...], set[int], list[int]]:
    """The sentence of each word, the positions of names, and those of capitalised words that open a sentence.

    A capital at the start of a sentence says nothing, unless the word has one elsewhere too; where
    most words are written with capitals, none says anything.
    """
    names: set[int] = set()
    openers: list[int] = []
    sentences: list[int] = []
    position = end = sentence = 0
    for position, match in enumerate(islice(_WORD.finditer(plain), COMPARED_WORDS)):
        word = match[0]
        opens = position == 0 or bool(_SENTENCE_END.search(plain, end, match.start()))
        sentence += opens
        sentences.append(sentence)
        if word[0].isupper():
            if opens:
                openers.append(position)
            elif len(word) > 1:
                names.add(position)
        end = match.end()
    return (tuple(sentences), set(), []) if len(names) > position / 2 else (tuple(sentences), names, openers)
