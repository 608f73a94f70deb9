"""What decides whether articles are one story: the weights of a pair, and what a group of them is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import log

from worker.stories.similarity import MEASURED_WEIGHTS, Weights

WINDOW = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class StorySettings:
    """Measured on BASIL, AllSides, ECB+, MEANTIME and SemEval-2022 news pairs, one set for all languages and sizes.

    Two groups of articles are one story when the mean of their pairs' log-odds (`weights`; each counts at least
    `unlike` and at most `alike`) is at least 0, and more of a grown story: `growth` by each e-fold of its size up to
    `growth_limit`, and `core` of the mean among its own members, which counts up to `core_limit`: so two tellings
    that are nearly the same do not shut out a third. As it arrives an article joins only what is likelier than that
    by `doubt`; the rest is left to hindsight. `window` is how far from its last article (or before its first one) a
    story stays open, `max_span` from its first.
    """

    weights: Weights = MEASURED_WEIGHTS
    unlike: float = -0.9
    alike: float = 3.7
    growth: float = 0.2
    growth_limit: int = 10
    core: float = 0.1
    core_limit: float = 3.0
    doubt: float = 1.0
    window: timedelta = WINDOW
    max_span: timedelta = timedelta(days=30)

    def asked_of(self, size: int, *, cohesion: float = 0.0) -> float:
        """Mean log-odds asked of what would join a story of that many articles, so alike among themselves."""
        grown = self.growth * log(max(1, min(size, self.growth_limit)))
        return max(grown, self.core * min(cohesion, self.core_limit))


MEASURED = StorySettings()
"""What holds where the configuration says nothing."""
