"""A sparkline: how many entries came each day, as the outline of an inline SVG. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 14
WIDTH, HEIGHT = 8, 28  # of a day, and of all
_GAP = 2


@dataclass(frozen=True, slots=True)
class Sparkline:
    """`path` draws a bar for each day that brought anything: `total` entries in `DAYS` days, `most` in one of them."""

    path: str
    total: int
    most: int


def draw(counts: Mapping[date, int], today: date) -> Sparkline:
    """Return the last days as bars, the highest as high as there is room."""
    days = [counts.get(today - timedelta(days=back), 0) for back in range(DAYS - 1, -1, -1)]
    most = max(days)
    bars = [
        f"M{number * WIDTH} {HEIGHT}v-{max(2, round(count / most * HEIGHT))}h{WIDTH - _GAP}V{HEIGHT}z"
        for number, count in enumerate(days)
        if count
    ]
    return Sparkline("".join(bars), sum(days), most)
