"""How much an article is about a topic: evidence by zone, summed as log-odds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from worker.topics.article_index import FIRST_WINDOW, OPENING_BIT, TITLE_BIT, ArticleIndex

# Each zone alone can carry a match, as in the labelling guideline of the topics bench ("headline, lead,
# or at least about one third of the body"); together they approach 1.
_TITLE, _OPENING, _BODY = 0.5, 0.6, 0.8
_FULL_COVERAGE = 1 / 3


@dataclass(frozen=True, slots=True)
class Presence:
    """The passages in which something holds, and what they count for (1 unless boosted)."""

    passages: int
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Showing:
    """Where and how strongly (0-1, times its boost) a query shows in an article."""

    strength: float
    title: bool
    opening: bool
    coverage: float

    @property
    def zones(self) -> str:
        """The zones in words, for a reason line."""
        zones = ["title"] if self.title else []
        if self.opening:
            zones.append("opening")
        if self.coverage:
            zones.append(f"{max(1, round(100 * self.coverage))}% of the body")
        return ", ".join(zones)


def showing(presence: Presence, index: ArticleIndex) -> Showing:
    """Weigh the passages in which a query holds."""
    title = bool(presence.passages >> TITLE_BIT & 1)
    opening = bool(presence.passages >> OPENING_BIT & 1)
    coverage = (presence.passages >> FIRST_WINDOW).bit_count() / index.windows
    missing = (1 - _TITLE * title) * (1 - _OPENING * opening) * (1 - _BODY * min(1.0, coverage / _FULL_COVERAGE))
    return Showing((1 - missing) * presence.boost, title, opening, coverage)


def probability(log_odds: float) -> float:
    """The score (0-1) of log-odds."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, log_odds))))


def log_odds(score: float) -> float:
    """What `probability` makes `score` of; scores next to 0 and 1 are drawn in to 1 in 10,000."""
    score = max(1e-4, min(1 - 1e-4, score))
    return math.log(score / (1 - score))
