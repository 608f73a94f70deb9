"""How sure a match must be for each band."""

from __future__ import annotations

from dataclasses import dataclass

from worker.errors import TopicFileError
from worker.topics.topic_match import Band
from worker.topics.topic_table import TopicTable


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least score (0-1) of each band; strict >= balanced >= wide."""

    strict: float = 0.8
    balanced: float = 0.5
    wide: float = 0.3

    def band(self, score: float) -> Band | None:
        """The band `score` reaches, or None where it reaches none."""
        if score >= self.strict:
            return Band.STRICT
        if score >= self.balanced:
            return Band.BALANCED
        return Band.WIDE if score >= self.wide else None


def read_thresholds(table: TopicTable) -> Thresholds:
    """Read a [thresholds] table; raises TopicFileError where they are not in order."""
    standard = Thresholds()
    strict = table.number("strict", standard.strict)
    balanced = table.number("balanced", standard.balanced)
    wide = table.number("wide", standard.wide)
    table.done()
    if not 0 < wide <= balanced <= strict < 1:
        raise TopicFileError("thresholds: expected 0 < wide <= balanced <= strict < 1")
    return Thresholds(strict, balanced, wide)
