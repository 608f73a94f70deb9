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
        """Patterns without references to groups: those of one beginning are made one."""
        by_start: defaultdict[str, list[str]] = defaultdict(list)
        for pattern in dict.fromkeys(patterns):
            for start in beginnings(pattern):
                by_start[start].append(pattern)
        unsure = by_start.pop("", [])
        always = [pattern for pattern in unsure if required_literals(pattern) is None]
        sometimes = [pattern for pattern in unsure if pattern not in always]
        self._by_start = {start: "|".join(alike) for start, alike in by_start.items()}
        self._always, self._sometimes = "|".join(always), "|".join(sometimes)
        self._screen = Screen(sometimes)

    def match(self, line: str) -> bool:
        """Whether any matches; of a thousand patterns and an honest line a dozen are tried."""
        small = lower(line[: BEGINNING + 1])[:BEGINNING]
        likely = [self._by_start.get(small[:length], "") for length in range(1, BEGINNING + 1)]
        if any(_compiled(pattern).match(line) for pattern in (*likely, self._always) if pattern):
            return True
        return self._screen.passes(lower(line)) and _compiled(self._sometimes).match(line) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
