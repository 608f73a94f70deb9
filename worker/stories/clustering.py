"""Articles into groups of one event each, whatever order they came in: agglomeration by mean link."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.stories.features import StoryFeatures
from worker.stories.pairing import Pair
from worker.stories.settings import StorySettings

_Offer = tuple[float, int, int, int, int]  # what is asked beyond what there is (negative), two groups, their sizes


@dataclass(slots=True)
class _Group:
    places: list[int]
    first: datetime
    last: datetime
    links: float = 0.0  # sum of the log-odds among its members

    def __len__(self) -> int:
        return len(self.places)

    @property
    def cohesion(self) -> float:
        """Mean log-odds of its members to each other; 0.0 for a single one."""
        return self.links / (len(self) * (len(self) - 1) / 2) if len(self) > 1 else 0.0

    def take(self, other: _Group, linked: float) -> None:
        self.places += other.places
        self.links += other.links + linked
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)


class _Agglomeration:
    """The groups at one moment, and `excess` for two of them: how far their pairs are above `unlike`, in sum."""

    def __init__(self, articles: Sequence[StoryFeatures], pairs: Mapping[Pair, float], settings: StorySettings) -> None:
        self._settings = settings
        self.groups = {
            place: _Group([place], article.published, article.published) for place, article in enumerate(articles)
        }
        self._excess: dict[int, dict[int, float]] = defaultdict(dict)
        for (left, right), log_odds in pairs.items():
            self._excess[left][right] = self._excess[right][left] = log_odds - settings.unlike
        self._offers: list[_Offer] = []
        for left, right in pairs:
            self._offer(left, right)

    def run(self) -> None:
        while self._offers:
            _, left, right, *sizes = heapq.heappop(self._offers)
            if [len(self.groups.get(place, ())) for place in (left, right)] == sizes:
                self._join(left, right)

    def _join(self, left: int, right: int) -> None:
        one, other = self.groups[left], self.groups.pop(right)
        one.take(other, self._mean(left, right, one, other) * len(one) * len(other))
        taken = self._excess.pop(right)
        del taken[left], self._excess[left][right]
        for place, excess in taken.items():
            del self._excess[place][right]
            self._excess[left][place] = self._excess[place][left] = self._excess[left].get(place, 0.0) + excess
        for place in self._excess[left]:
            self._offer(min(left, place), max(left, place))

    def _mean(self, left: int, right: int, one: _Group, other: _Group) -> float:
        return self._excess[left][right] / (len(one) * len(other)) + self._settings.unlike

    def _offer(self, left: int, right: int) -> None:
        one, other = self.groups[left], self.groups[right]
        mean = self._mean(left, right, one, other)
        asked = self._settings.asked_of(max(len(one), len(other)), cohesion=max(one.cohesion, other.cohesion))
        if mean >= asked and self._is_open(one, other):
            heapq.heappush(self._offers, (round(asked - mean, 9), left, right, len(one), len(other)))

    def _is_open(self, one: _Group, other: _Group) -> bool:
        gap = max(one.first, other.first) - min(one.last, other.last)
        span = max(one.last, other.last) - min(one.first, other.first)
        return gap <= self._settings.window and span <= self._settings.max_span


def cluster(
    articles: Sequence[StoryFeatures], pairs: Mapping[Pair, float], settings: StorySettings
) -> list[tuple[int, ...]]:
    """Return the groups as places in `articles`: each place in exactly one, whatever the pairs.

    From single articles on, the two groups are joined whose mean log-odds exceed what is asked of them by most
    (average linkage, Sokal and Michener 1958), as long as any do. A pair that is not given counts as `unlike`. What
    is asked is never below 0, so that groups without a pair of 0 or more between them never meet: articles that no
    row of such pairs leads to change nothing.
    """
    found = _Agglomeration(articles, pairs, settings)
    found.run()
    return sorted(tuple(sorted(group.places)) for group in found.groups.values())
