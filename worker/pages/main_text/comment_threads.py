"""Readers' comments whose box is called nothing: units of one form after the story, each a name and what it says.

A list of things has that form too (a plant and how to water it), so more must speak for a conversation: its heading
counts or calls it, a button or a date stands in most of its units, or the names are such as nobody is christened.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.pages.main_text.witness import is_paragraph
from worker.pages.tree.blocks import Block, Place, places_of
from worker.pages.tree.spacing import ends_sentence

_MOMENT = re.compile(
    r"\d{1,2}[:h]\d\d|(?:19|20)\d\d|\b\d{1,2}[/.]\d{1,2}\b"
    r"|\b\d+\s*(?:s|m|h|d|w|min|sec|std|seg)\b|\b\d+\s*(?:second|minut|hour|hora|stunde|heure|ora\b|ore\b|day|d[ií]a|tag|jour|giorn"
    r"|week|seman|woche|semaine|settiman|month|mes|monat|mois|year|año|ano|jahr)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_HANDLE = re.compile(r"@?[a-zà-ÿ]\S*|\S*[\d_@]\S*|\w[\w.-]*[a-z][A-Z]\S*")
_CALLED = re.compile(
    r"\A\W*\d+\W*\Z|comment|coment|kommentar|reaktion|reaccion|reac[çc][õo]|repl(?:y|ies)|respuesta|antwort|risposte|discussion"
    r"|discusi|conversa|opini|meinung|avis|lectores|readers|leser|lecteurs|lettori|leitores",
    re.IGNORECASE,
)
_FEWEST_UNITS = 3
_MOST_BLOCKS = 8  # of a unit: name, time, a few paragraphs, buttons
_LABEL = 40  # characters of a name, a date, a button
_SHORTEST = 12  # letters of what a reader says
_MOST_LINKED = 0.5
_ENOUGH_BEFORE = 60  # letters of paragraphs
_HEADINGS = ("h1", "h2", "h3", "h4")  # the parts of a list of things begin with one of these


@dataclass(frozen=True, slots=True)
class _Family:
    """Boxes of one form side by side: the blocks of each, and of what holds them all."""

    units: tuple[range, ...]
    inside: range


def comment_threads(blocks: Sequence[Block]) -> set[int]:
    """Numbers of the blocks in such units, and of what else their common box holds, as its heading.

    Where that box holds the headline or paragraphs besides, it is the page's, and the units alone are theirs.
    """
    found: set[int] = set()
    for family in _families(blocks):
        if not all(_is_unit([blocks[number] for number in unit]) for unit in family.units):
            continue
        taken = {number for unit in family.units for number in unit}
        others = [number for number in family.inside if number not in taken]
        if any(blocks[number].headline or is_paragraph(blocks[number]) for number in others):
            others = []
        if _follows(blocks, min(taken), taken) and _is_conversation(blocks, family, taken):
            found |= taken.union(others)
    return found


def _families(blocks: Sequence[Block]) -> Iterator[_Family]:
    kinds: defaultdict[tuple[int, str], list[Place]] = defaultdict(list)
    for place in places_of(blocks):
        if place.parent is not None and 1 < place.end - place.first <= _MOST_BLOCKS:
            kinds[id(place.parent), place.form].append(place)
    for members in kinds.values():
        if len(members) >= _FEWEST_UNITS and (box := members[0].parent) is not None:
            yield _Family(tuple(range(each.first, each.end) for each in members), range(box.first, box.end))


def _is_unit(blocks: Sequence[Block]) -> bool:
    first, *rest = blocks
    named = len(first.text) <= _LABEL and first.place.tag not in _HEADINGS and not ends_sentence(first.text)
    return named and any(
        len(block.key) >= _SHORTEST and block.link_share < _MOST_LINKED and ends_sentence(block.text) for block in rest
    )


def _follows(blocks: Sequence[Block], first: int, taken: set[int]) -> bool:
    """Whether a story stands before them, and hardly anything of it behind."""
    told = [
        number
        for number, block in enumerate(blocks)
        if number not in taken
        and is_paragraph(block)
        and not any(place.tag == "footer" for place in block.place.line())
    ]
    before = sum(len(blocks[number].key) for number in told if number < first)
    behind = sum(len(blocks[number].key) for number in told if number > first)
    return before >= _ENOUGH_BEFORE and behind < before / 2


def _is_conversation(blocks: Sequence[Block], family: _Family, taken: set[int]) -> bool:
    names = [blocks[unit[0]].text for unit in family.units]
    half, first = len(names) / 2, family.units[0][0]
    if len({_NO_LETTERS.sub("", name) for name in names}) <= half:  # a label over each of a list; the one writer's name
        return False
    heading = blocks[first - 1].text if first and first - 1 not in taken else ""
    if len(heading) <= _LABEL and _CALLED.search(heading):
        return True
    labels = [[text for n in unit if len(text := blocks[n].text) <= _LABEL] for unit in family.units]
    repeated = Counter(label for unit in labels for label in set(unit))
    dated = sum(
        any(_MOMENT.search(label) for label in unit[:3]) and _is_name(name)
        for unit, name in zip(labels, names, strict=True)
    )
    christened = sum(_HANDLE.fullmatch(name) is None or not _is_name(name) for name in names)
    return max(repeated.values()) > half or dated > half or christened < half


def _is_name(text: str) -> bool:
    """Whether a unit begins with somebody: over an entry of a timeline stands the time alone."""
    return _LETTER.search(text) is not None
