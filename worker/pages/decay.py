"""Has an outlet's extraction gone bad? Its newest pages against its own earlier ones.

A redesign, a login wall or a consent layer comes overnight and for every page. So the last six pages are compared
with what came before, by medians (a long read or a news in brief now and then moves none of them).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

RECENT = 6
_EARLIER = 12  # pages without which there is nothing to compare with
_MOST_EMPTY, _WAS_EMPTY = 5 / 6, 0.25
_REPEATS, _WERE_REPEATS = 4, 0.1
_SHRUNK, _STILL_WHOLE = 0.5, 4
# Median absolute deviations; times 1.4826, one is the standard deviation of a normal distribution.
_DEVIATIONS = 2.5 * 1.4826
_LEAST_DEVIATION = 0.15


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One page as read: its words (0 where it was no article), whether it was a whole one, the key of its text (None
    where empty)."""

    words: int
    whole: bool
    text_key: int | None


def find_decay(earlier: Sequence[PageRecord], recent: Sequence[PageRecord]) -> str:
    """Return in a line what is wrong with the recent pages, "" where nothing is or too few are known.

    An outlet whose pages give nothing at all needs no comparison: it may have been so from the first one on.
    """
    if len(recent) < RECENT:
        return ""
    worse = ""
    if len(earlier) >= _EARLIER:
        worse = _emptied(earlier, recent) or _repeated(earlier, recent) or _shrunk(earlier, recent)
    return worse or _gave_nothing(recent)


def _gave_nothing(recent: Sequence[PageRecord]) -> str:
    if any(record.words for record in recent):
        return ""
    return f"none of its last {len(recent)} pages gave any text of an article"


def _emptied(earlier: Sequence[PageRecord], recent: Sequence[PageRecord]) -> str:
    was, broken = _count_broken(earlier), _count_broken(recent)
    if broken < len(recent) * _MOST_EMPTY or was > len(earlier) * _WAS_EMPTY:
        return ""
    return f"{broken} of its last {len(recent)} pages gave no whole article ({was} of {len(earlier)} before)"


def _repeated(earlier: Sequence[PageRecord], recent: Sequence[PageRecord]) -> str:
    same = _most_alike(recent)
    if same < _REPEATS or _most_alike(earlier) > len(earlier) * _WERE_REPEATS:
        return ""
    return f"{same} of its last {len(recent)} pages gave the same text"


def _shrunk(earlier: Sequence[PageRecord], recent: Sequence[PageRecord]) -> str:
    was, found = _lengths(earlier), _lengths(recent)
    if len(was) < _EARLIER or len(found) < _STILL_WHOLE:
        return ""
    usual = median(was)
    deviation = max(_LEAST_DEVIATION, median(abs(value - usual) for value in was))
    now = median(found)
    if now > usual + log(_SHRUNK) or now > usual - _DEVIATIONS * deviation:
        return ""
    return f"its last {len(recent)} pages gave about {round(exp(now))} words, {round(exp(usual))} before"


def _lengths(records: Sequence[PageRecord]) -> list[float]:
    """Logarithms of the words of whole articles; how many pages are broken is another question."""
    return [log(record.words) for record in records if record.words and record.whole]


def _count_broken(records: Sequence[PageRecord]) -> int:
    return sum(not record.whole for record in records)


def _most_alike(records: Sequence[PageRecord]) -> int:
    counts = Counter(record.text_key for record in records if record.text_key is not None)
    return max(counts.values(), default=0)
