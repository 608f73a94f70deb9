"""Many patterns that are matched at a line's start, of which its first letters tell nearly all that cannot match."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from worker.text.literals import BEGINNING, Screen, beginnings, lower, required_literals


class Openings:
    """Says whether a line begins as any of the patterns do, whatever the case."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._by_start: defaultdict[str, list[str]] = defaultdict(list)
        for pattern in dict.fromkeys(patterns):
            for start in beginnings(pattern):
                self._by_start[start].append(pattern)
        unsure = self._by_start.pop("", [])
        self._always = [pattern for pattern in unsure if required_literals(pattern) is None]
        self._unsure = [pattern for pattern in unsure if pattern not in self._always]
        self._screen = Screen(self._unsure)

    def match(self, line: str) -> bool:
        """Whether any matches; of 450 patterns and an honest line a dozen are tried."""
        small = lower(line)
        starts = {small[:length] for length in range(1, BEGINNING + 1)}
        likely = [pattern for start in starts for pattern in self._by_start.get(start, ())]
        likely += [*self._always, *(self._unsure if self._screen.passes(small) else ())]
        return any(_compiled(pattern).match(line) for pattern in likely)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
