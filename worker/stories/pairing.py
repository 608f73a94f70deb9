"""Which articles are compared at all, and how alike they are: the pairs that clustering starts from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from worker.stories.features import StoryFeatures
from worker.stories.settings import MEASURED, StorySettings
from worker.stories.similarity import weigh_pair

_COMPARED = 200  # a crowded snapshot compares each article with those that share most keys

_REMEMBERED = 300_000  # pairs, at about 150 bytes

Pair = tuple[int, int]


@dataclass(slots=True)
class _LinkMemory:
    """What pairs of features came to with these settings. It decides nothing: the same pair comes to the same."""

    settings: StorySettings = MEASURED
    links: dict[Pair, float] = field(default_factory=dict)


_memory = _LinkMemory()


def find_pairs(articles: Sequence[StoryFeatures], settings: StorySettings) -> dict[Pair, float]:
    """Log-odds that articles tell one event, by their places (the lower one first), of those that share a key.

    Left out are pairs that are no likelier than any two articles (`settings.unlike`). Each article looks for at most
    200 others, so the work grows with the articles and not with their pairs.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        for key in article.keys:
            holders[key].append(place)
    pairs = {pair for place in range(len(articles)) for pair in _compared(place, articles, holders)}
    weighed = ((pair, link(articles[pair[0]], articles[pair[1]], settings)) for pair in sorted(pairs))
    return {pair: log_odds for pair, log_odds in weighed if log_odds > settings.unlike}


def link(one: StoryFeatures, other: StoryFeatures, settings: StorySettings) -> float:
    """Log-odds that two articles tell one event, as clustering counts them: between `unlike` and `alike`.

    They are remembered: an article is weighed against its neighbours when it arrives and at every look after that.
    """
    if settings is not _memory.settings:
        if settings != _memory.settings:
            _memory.links.clear()
        _memory.settings = settings
    pair = (one.serial, other.serial) if one.serial < other.serial else (other.serial, one.serial)
    if (known := _memory.links.get(pair)) is not None:
        return known
    if len(_memory.links) >= _REMEMBERED:
        _memory.links.clear()
    return _memory.links.setdefault(pair, _link(one, other, settings))


def _link(one: StoryFeatures, other: StoryFeatures, settings: StorySettings) -> float:
    log_odds = weigh_pair(one, other, settings.weights)
    if log_odds is None:
        return settings.unlike
    return max(settings.unlike, min(settings.alike, log_odds))


def _compared(place: int, articles: Sequence[StoryFeatures], holders: dict[str, list[int]]) -> list[Pair]:
    shared: Counter[int] = Counter()
    for key in articles[place].keys:
        shared.update(holders[key])
    del shared[place]
    # Ties go by what the articles say, so that the order they came in changes nothing.
    most = sorted(shared, key=lambda other: (-shared[other], articles[other].keys))[:_COMPARED]
    return [(min(place, other), max(place, other)) for other in most]
