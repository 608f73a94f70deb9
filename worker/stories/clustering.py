"""Articles into groups of one event each, whatever order they came in: agglomeration by mean link."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.stories.assignment import StorySettings
from worker.stories.features import StoryFeatures
from worker.stories.pairing import Pair
from worker.stories.similarity import Profile, fade, profile, tell_other_events
from worker.stories.vector_tags import is_tag
from worker.text.languages import base_language

_Offer = tuple[float, int, int, int, int]  # what it exceeds (negative), two groups, their sizes at that moment


@dataclass(slots=True)
class _Group:
    places: list[int]
    said: Profile
    languages: set[str]
    first: datetime
    last: datetime
    links: float = 0.0  # sum of the similarities among its members

    def __len__(self) -> int:
        return len(self.places)

    @property
    def cohesion(self) -> float:
        """Mean similarity of its members to each other; 0.0 for a single one."""
        return self.links / (len(self) * (len(self) - 1) / 2) if len(self) > 1 else 0.0

    def take(self, other: _Group, linked: float) -> None:
        self.places += other.places
        self.links += other.links + linked
        self.languages |= other.languages
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        words = dict(self.said.vector)
        for term, weight in other.said.vector.items():
            words[term] = words.get(term, 0.0) + weight if is_tag(term) else weight
        self.said = profile(words)


def cluster(
    articles: Sequence[StoryFeatures], pairs: Mapping[Pair, float], settings: StorySettings
) -> list[tuple[int, ...]]:
    """Return the groups as places in `articles`: each place in exactly one, whatever the pairs.

    From single articles on, the two groups are joined whose mean similarity exceeds what is asked of them by
    most (average linkage, Sokal and Michener 1958), as long as any pair does. The rules are those of an
    article that joins a story.
    """
    groups = {place: _start(place, article) for place, article in enumerate(articles)}
    links = _link(pairs)
    offers: list[_Offer] = []
    for left, right in pairs:
        _offer(offers, groups, links, left, right, settings)
    while offers:
        _, left, right, *sizes = heapq.heappop(offers)
        if left not in groups or right not in groups or [len(groups[left]), len(groups[right])] != sizes:
            continue
        groups[left].take(groups.pop(right), links[left][right])
        _relink(links, left, right)
        for other in links[left]:
            _offer(offers, groups, links, min(left, other), max(left, other), settings)
    return sorted(tuple(sorted(group.places)) for group in groups.values())


def _start(place: int, article: StoryFeatures) -> _Group:
    language = base_language(article.language)
    languages = {language} if language else set()
    return _Group([place], profile(article.vector), languages, article.published, article.published)


def _link(pairs: Mapping[Pair, float]) -> dict[int, dict[int, float]]:
    links: dict[int, dict[int, float]] = defaultdict(dict)
    for (left, right), similarity in pairs.items():
        links[left][right] = links[right][left] = similarity
    return links


def _relink(links: dict[int, dict[int, float]], left: int, right: int) -> None:
    """The sums of similarities of `right` go to `left`, which it has become part of."""
    taken = links.pop(right)
    del taken[left], links[left][right]
    for other, similarity in taken.items():
        del links[other][right]
        links[left][other] = links[other][left] = links[left].get(other, 0.0) + similarity


def _offer(
    offers: list[_Offer],
    groups: dict[int, _Group],
    links: dict[int, dict[int, float]],
    left: int,
    right: int,
    settings: StorySettings,
) -> None:
    one, other = groups[left], groups[right]
    mean = links[left][right] / (len(one) * len(other)) * fade(_gap(one, other), settings.fading)
    spoken = not one.languages or not other.languages or bool(one.languages & other.languages)
    asked = settings.asked_of(
        max(len(one), len(other)), cohesion=max(one.cohesion, other.cohesion), same_language=spoken
    )
    if mean >= asked and _may_join(one, other, mean, settings):
        heapq.heappush(offers, (-round(mean / asked, 9), left, right, len(one), len(other)))


def _gap(one: _Group, other: _Group) -> timedelta:
    """Time between the last report of one and the first of the other; below zero where they overlap."""
    return max(one.first, other.first) - min(one.last, other.last)


def _may_join(one: _Group, other: _Group, mean: float, settings: StorySettings) -> bool:
    return (
        _gap(one, other) <= settings.window
        and max(one.last, other.last) - min(one.first, other.first) <= settings.max_span
        and not tell_other_events(
            one.said, other.said, max_day_gap=settings.max_day_gap, asked_names=settings.names_asked_of(mean)
        )
    )
