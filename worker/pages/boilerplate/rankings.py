"""Rankings of what others read: a label, and under it headlines that are numbered from 1, without a stop."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from worker.pages.tree.spacing import ends_sentence

RANKING = "ranking"

_ENTRY = re.compile(r"(\d{1,2})\s+(\S+(?:\s+\S+){2,})$")  # "1. Mix the flour" is a step, "1 Verstappen" a table's row
_LONGEST, _LONGEST_LABEL = 200, 60  # characters
_FEWEST, _MOST = 3, 12  # entries; more are a list that the story is about


def find_rankings(lines: Sequence[str], verdicts: Container[int]) -> dict[int, str]:
    """Line number → "ranking", for the entries of rankings and the label over them."""
    found: dict[int, str] = {}
    numbers = [number for number, line in enumerate(lines) if line and number not in verdicts]
    place = 0
    while place < len(numbers):
        size = _length([lines[number] for number in numbers[place : place + _MOST + 1]])
        if _FEWEST <= size <= _MOST and place and _is_label(lines[numbers[place - 1]]):
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


def _is_label(line: str) -> bool:
    return len(line) <= _LONGEST_LABEL and not ends_sentence(line)
