"""How alike two articles are, as clustering counts it: weighed once, and remembered."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.stories.features import StoryFeatures
from worker.stories.settings import MEASURED, StorySettings
from worker.stories.similarity import weigh_pair

_REMEMBERED = 300_000  # pairs, at about 150 bytes

Pair = tuple[int, int]


@dataclass(slots=True)
class _LinkMemory:
    """What pairs of features came to with these settings. It decides nothing: the same pair comes to the same."""

    settings: StorySettings = MEASURED
    links: dict[Pair, float] = field(default_factory=dict)


_memory = _LinkMemory()


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
