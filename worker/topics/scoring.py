"""How much an article is about a topic: evidence by zone, summed as log-odds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from worker.topics.article_index import FIRST_WINDOW, OPENING_BIT, TITLE_BIT, ArticleIndex, Length

# Each zone alone can carry a match, as in the labelling guideline of the topics bench ("headline, lead,
# or at least about one third of the body"); together they approach 1.
_TITLE, _OPENING, _BODY = 0.5, 0.6, 0.8
_FULL_COVERAGE = 1 / 3
_MOST_ITEMS = 2 / 3

# A headline and two sentences name what they are about once; what a long article names once it is not about.
_ONE_MENTION = {Length.SHORT: 0.85, Length.MEDIUM: 0.5, Length.LONG: 0.6}

# One word against a topic has many senses, several of a kind seldom err, and a long article has one of any kind. Beside
# a half for every length: strict keeps .71 of what is right in place of .65, with the weights against it 1.6 times as
# large as for one word (development rows of the built-in topic, held back).
_ONE_OBJECTION = {Length.SHORT: 0.5, Length.MEDIUM: 0.35, Length.LONG: 0.15}


@dataclass(frozen=True, slots=True)
class Presence:
    """The passages in which something holds, what they count for (1 unless boosted), and how often it is mentioned:
    of several things that must hold together, as often as the one mentioned least. The title counts twice. `places` are
    the positions of its words where it is words, and none where it is several things together."""

    passages: int
    boost: float = 1.0
    mentions: int = 1
    places: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Showing:
    """Where and how strongly (0-1, times its boost) a query shows in an article.

    `insistence` (0-1) says whether it is mentioned as often as what an article of that length is about would be, and
    `objection` (0-1) how much so many mentions are worth against a topic.
    """

    strength: float
    title: bool
    opening: bool
    coverage: float
    insistence: float = 1.0
    objection: float = 1.0

    def weighed(self, *, against: bool) -> Showing:
        """The same, as strong as its mentions make it for a topic, or against one."""
        mentioned = self.objection if against else self.insistence
        return replace(self, strength=self.strength * mentioned, insistence=1.0, objection=1.0)

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
    insistence = 1 - (1 - _ONE_MENTION[index.length]) ** presence.mentions
    objection = 1 - (1 - _ONE_OBJECTION[index.length]) ** presence.mentions
    if index.is_roundup:
        return _showing_of_items(coverage, presence.boost, insistence, objection)
    missing = (1 - _TITLE * title) * (1 - _OPENING * opening) * (1 - _BODY * min(1.0, coverage / _FULL_COVERAGE))
    return Showing((1 - missing) * presence.boost, title, opening, coverage, insistence, objection)


def _showing_of_items(coverage: float, boost: float, insistence: float, objection: float) -> Showing:
    """In a round-up the headline and the first item stand for themselves alone: what counts is the share of items."""
    strength = _BODY * min(1.0, coverage / _MOST_ITEMS) * boost
    return Showing(strength, title=False, opening=False, coverage=coverage, insistence=insistence, objection=objection)


def probability(log_odds: float) -> float:
    """The score (0-1) of log-odds."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, log_odds))))


def log_odds(score: float) -> float:
    """What `probability` makes `score` of; scores next to 0 and 1 are drawn in to 1 in 10,000."""
    score = max(1e-4, min(1 - 1e-4, score))
    return math.log(score / (1 - score))
