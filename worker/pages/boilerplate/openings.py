"""Many patterns that are matched at a line's start, of which its first letters tell nearly all that cannot match."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Generic, TypeVar

from worker.text.literals import BEGINNING, LiteralIndex, beginnings, letter_runs, lower, required_literals

_Owner = TypeVar("_Owner")


class Openings(Generic[_Owner]):
    """Says whose patterns a line begins with, whatever the case."""

    def __init__(self, rows: Iterable[tuple[str, _Owner]]) -> None:
        """`rows`: patterns, and whose each is."""
        by_start: defaultdict[str, list[tuple[str, _Owner]]] = defaultdict(list)
        for row in dict.fromkeys(rows):
            for start in beginnings(row[0]):
                by_start[start].append(row)
        unsure = by_start.pop("", [])
        self._by_start = dict(by_start)
        self._ready: dict[str, list[tuple[re.Pattern[str], _Owner]]] = {}
        self._always = [row for row in unsure if required_literals(row[0]) is None]
        self._by_literal = LiteralIndex((literal, row) for row in unsure for literal in required_literals(row[0]) or ())

    def owners(self, line: str) -> set[_Owner]:
        """Whose patterns match; of a thousand patterns and an honest line a dozen are tried."""
        small = lower(line[: BEGINNING + 1])[:BEGINNING]
        starts = (small[:length] for length in range(1, BEGINNING + 1))
        found = {owner for start in starts for pattern, owner in self._beginning(start) if pattern.match(line)}
        text = lower(line)
        named = set(self._by_literal.found(text, letter_runs(text)))
        return found | {owner for pattern, owner in (*self._always, *named) if _compiled(pattern).match(line)}

    def _beginning(self, start: str) -> list[tuple[re.Pattern[str], _Owner]]:
        """The patterns of a beginning, compiled when a line has it."""
        if start in self._by_start and start not in self._ready:
            self._ready[start] = [(_compiled(pattern), owner) for pattern, owner in self._by_start[start]]
        return self._ready.get(start, [])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Each by itself: joined by their beginnings, one would be compiled for each of its own."""
    return re.compile(pattern, re.IGNORECASE)
