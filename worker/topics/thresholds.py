"""How sure a match must be for each band."""

from __future__ import annotations

from dataclasses import dataclass

from worker.errors import TopicFileError
from worker.text.bands import Band
from worker.topics.topic_table import TopicTable


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least score (0-1) of each band; strict >= balanced >= wide."""

    strict: float = 0.8
    balanced: float = 0.5
    wide: float = 0.3

    def band(self, score: float) -> Band | None:
        """The surest band that `score` reaches, or None where it reaches none."""
        return next((band for band in Band if score >= self.least(band)), None)

    def least(self, band: Band) -> float:
        """The score from which a match is in `band`, or in a surer one."""
        return {Band.STRICT: self.strict, Band.BALANCED: self.balanced, Band.WIDE: self.wide}[band]


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
