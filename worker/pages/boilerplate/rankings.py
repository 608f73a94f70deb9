"""Rankings of what others read: a label, and under it headlines that are numbered from 1, without a stop."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from worker.pages.tree.spacing import ends_sentence

RANKING = "ranking"

_ENTRY = re.compile(r"(\d{1,2})\s+([^\d()]+)$")  # "1. Mix the flour" is a step, "1 Verstappen (Red Bull) +2.1" a result
_LONGEST, _LONGEST_LABEL = 200, 40  # characters
_WORDS, _SMALL = 5, 2  # words of a headline on average, and such without a capital in each: names and titles have none
_FEWEST, _MOST = 3, 12  # entries; more are a list that the story is about


def find_rankings(lines: Sequence[str], verdicts: Container[int]) -> dict[int, str]:
    """Line number → "ranking", for the entries of rankings and the label over them."""
    found: dict[int, str] = {}
    numbers = [number for number, line in enumerate(lines) if line and number not in verdicts]
    place = 0
    while place < len(numbers):
        size = _length([lines[number] for number in numbers[place : place + _MOST + 1]])
        entries = [lines[number] for number in numbers[place : place + size]]
        if _FEWEST <= size <= _MOST and _are_headlines(entries) and place and _is_label(lines[numbers[place - 1]]):
            found |= dict.fromkeys(numbers[place - 1 : place + size], RANKING)
        place += max(size, 1)
    return found


def _length(lines: Sequence[str]) -> int:
    """How many of the lines, from the first on, are entries with the numbers 1, 2, 3 …"""
    for size, line in enumerate(lines):
        entry = _ENTRY.match(line) if len(line) <= _LONGEST else None
        if entry is None or int(entry[1]) != size + 1 or ends_sentence(line):
            return size
    return len(lines)


def _are_headlines(entries: Sequence[str]) -> bool:
    words = [entry.split()[1:] for entry in entries]
    has_small = all(sum(word[0].islower() for word in each) >= _SMALL for each in words)
    return has_small and sum(map(len, words)) >= _WORDS * len(entries)


def _is_label(line: str) -> bool:
    """A story's own list is introduced by a colon."""
    return len(line) <= _LONGEST_LABEL and not ends_sentence(line) and not line.endswith(":")
