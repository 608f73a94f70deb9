"""How often a feed brings something new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

# What is published within minutes came out of one run of the publisher's system: one event to wait for.
_BURST = timedelta(minutes=5)
# A feed nothing is known of is taken to bring something every two and a half hours; this weighs as one entry.
_ASSUMED_GAP = timedelta(hours=2.5)
_RECENT = 20


def publication_times(entry_times: Iterable[datetime], now: datetime) -> tuple[datetime, ...]:
    """Return the moments something came out, newest first: bursts count once, the future not at all."""
    found: list[datetime] = []
    for moment in sorted((moment for moment in entry_times if moment <= now), reverse=True):
        if not found or found[-1] - moment > _BURST:
            found.append(moment)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Pace:
    """What of the publications decides how soon the next is expected: how many there were, and since when.

    One pair for all that are known, one for the last twenty; none where nothing is known. A hundredth of the
    times themselves, and as good as long as no entry is added to them.
    """

    counts: tuple[tuple[int, datetime], ...] = ()

    def expected_gap(self, now: datetime, *, known_since: datetime | None = None) -> timedelta:
        """Return the time expected between new entries, at `now`; see the function of that name."""
        if not self.counts:
            return max(now - known_since, _ASSUMED_GAP) if known_since else _ASSUMED_GAP
        return min((now - oldest + _ASSUMED_GAP) / (count + 1) for count, oldest in self.counts)


def pace_of(entry_times: Iterable[datetime], now: datetime) -> Pace:
    """Return the pace of entries that appeared at these times, as far as they are not of the future."""
    times = publication_times(entry_times, now)
    windows = (times, times[:_RECENT]) if len(times) > _RECENT else (times,)
    return Pace(tuple((len(window), window[-1]) for window in windows if window))


def expected_gap(entry_times: Iterable[datetime], now: datetime, *, known_since: datetime | None = None) -> timedelta:
    """Return the time expected between new entries, at `now`.

    The number of publications over the time since the oldest of them, so that silence lengthens it by
    itself; the last twenty alone count where they came quicker. `known_since` bounds the silence of a
    feed that never had an entry.
    """
    return pace_of(entry_times, now).expected_gap(now, known_since=known_since)


def longest_gap(entry_times: Iterable[datetime], now: datetime) -> timedelta | None:
    """Return the longest silence between two publications, or None with fewer than two."""
    times = publication_times(entry_times, now)
    return max((newer - older for newer, older in pairwise(times)), default=None)
