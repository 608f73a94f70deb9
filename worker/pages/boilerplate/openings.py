"""Many patterns that are matched at a line's start, of which its first letters tell nearly all that cannot match."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from worker.text.literals import BEGINNING, LiteralIndex, beginnings, letter_runs, lower, required_literals


class Openings:
    """Says whether a line begins as any of the patterns do, whatever the case."""

    def __init__(self, patterns: Iterable[str]) -> None:
        by_start: defaultdict[str, list[str]] = defaultdict(list)
        for pattern in dict.fromkeys(patterns):
            for start in beginnings(pattern):
                by_start[start].append(pattern)
        unsure = by_start.pop("", [])
        self._by_start = dict(by_start)
        self._ready: dict[str, list[re.Pattern[str]]] = {}
        self._always = [pattern for pattern in unsure if required_literals(pattern) is None]
        self._by_literal = LiteralIndex(
            (literal, pattern) for pattern in unsure for literal in required_literals(pattern) or ()
        )

    def match(self, line: str) -> bool:
        """Whether any matches; of a thousand patterns and an honest line a dozen are tried."""
        small = lower(line[: BEGINNING + 1])[:BEGINNING]
        starts = (small[:length] for length in range(1, BEGINNING + 1))
        if any(pattern.match(line) for start in starts for pattern in self._beginning(start)):
            return True
        if any(_compiled(pattern).match(line) for pattern in self._always):
            return True
        text = lower(line)
        named = set(self._by_literal.found(text, letter_runs(text)))
        return any(_compiled(pattern).match(line) for pattern in named)

    def _beginning(self, start: str) -> list[re.Pattern[str]]:
        """The patterns of a beginning, compiled when a line has it."""
        if start in self._by_start and start not in self._ready:
            self._ready[start] = list(map(_compiled, self._by_start[start]))
        return self._ready.get(start, [])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Each by itself: joined by their beginnings, one would be compiled for each of its own."""
    return re.compile(pattern, re.IGNORECASE)
