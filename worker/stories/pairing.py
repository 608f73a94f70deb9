"""Which articles are compared at all, and how alike they are: the pairs that clustering starts from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from worker.stories.assignment import StorySettings
from worker.stories.features import StoryFeatures
from worker.stories.similarity import Profile, cosine, profile, tell_other_events, weigh_names, weigh_numbers

_COMPARED = 200  # a crowded snapshot compares each article with those that share most keys

Pair = tuple[int, int]


def find_pairs(articles: Sequence[StoryFeatures], settings: StorySettings) -> dict[Pair, float]:
    """Similarities of the articles that share a key, by their places (the lower one first); 0.0 of other events.

    They are in the units of the score that an article is assigned by, not yet faded by the time between them. Each
    article looks for at most 200 others, so the work grows with the articles and not with their pairs.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        for key in article.keys:
            holders[key].append(place)
    profiles = [profile(article.vector) for article in articles]
    pairs = {pair for place in range(len(articles)) for pair in _compared(place, articles, holders)}
    return {
        (left, right): _similarity(profiles[left], profiles[right], settings)
        * settings.weigh_meaning(articles[left].embedding, articles[right].embedding)
        for left, right in sorted(pairs)
    }


def _similarity(left: Profile, right: Profile, settings: StorySettings) -> float:
    found = (
        cosine(left.vector, right.vector)
        * weigh_names(left, right, settings.names_bearing)
        * weigh_numbers(left, right, settings.numbers_bearing)
    )
    others = tell_other_events(
        left, right, max_day_gap=settings.max_day_gap, asked_names=settings.names_asked_of(found)
    )
    return 0.0 if others else found


def _compared(place: int, articles: Sequence[StoryFeatures], holders: dict[str, list[int]]) -> list[Pair]:
    shared: Counter[int] = Counter()
    for key in articles[place].keys:
        shared.update(holders[key])
    del shared[place]
    # Ties go by what the articles say, so that the order they came in changes nothing.
    most = sorted(shared, key=lambda other: (-shared[other], articles[other].keys))[:_COMPARED]
    return [(min(place, other), max(place, other)) for other in most]
