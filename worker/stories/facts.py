"""Figures that name an event as a date does: how strong a quake was, how a match ended.

Tolls are none of these: they grow while a story runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worker.stories.dateline import MONTH

_NUMBER = r"(\d{1,2}[.,]\d)"
_QUAKE = "earthquake|quake|tremor|terremoto|temblor|sismo"
_MAGNITUDE = re.compile(
    rf"(?:magnitude?|{_QUAKE})(?:[ -]| of | de |: ){_NUMBER}(?!\d)|(?<![\d.,]){_NUMBER}[ -](?:magnitude|{_QUAKE})"
)
_SCORE = re.compile(
    rf"(?P<day>(?:{MONTH}) )?(?<![\w.,:$€£-])(\d{{1,2}})[-–](\d{{1,2}})(?![\w-]|[.,:]\d| (?:de |of )?(?:{MONTH}))"
)
_REVISED = 0.5  # first estimates of a quake are mended by a few tenths


@dataclass(frozen=True, slots=True)
class Facts:
    """What the opening of a report, or the openings of a story's, say of an event. A score's higher side is first."""

    magnitudes: frozenset[float] = frozenset()
    scores: frozenset[tuple[int, int]] = frozenset()

    def contradict(self, other: Facts) -> bool:
        """Whether both cannot be of one event.

        Every magnitude of one is more than half a unit from every one of the other's; or each knows a single
        score, and neither can have grown into the other.
        """
        if self.magnitudes and other.magnitudes:
            return min(abs(a - b) for a in self.magnitudes for b in other.magnitudes) > _REVISED
        if len(self.scores) != 1 or len(other.scores) != 1:
            return False
        (high, low), (other_high, other_low) = *self.scores, *other.scores
        return (high - other_high) * (low - other_low) < 0


def find_facts(opening: str) -> tuple[str, ...]:
    """Terms for the magnitudes and scores in a title and lead; `read_facts` reads them."""
    text = opening.casefold()
    magnitudes = {f"m{(one or other).replace(',', '.')}" for one, other in _MAGNITUDE.findall(text)}
    scores = {
        "s{}-{}".format(*sorted((int(one), int(other)), reverse=True))
        for day, one, other in _SCORE.findall(text)
        if not day
    }
    return tuple(sorted(magnitudes | scores))


def read_facts(terms: Iterable[str]) -> Facts:
    """Facts that `find_facts` wrote."""
    magnitudes, scores = set(), set()
    for term in terms:
        if term.startswith("m"):
            magnitudes.add(float(term[1:]))
        else:
            high, low = term[1:].split("-")
            scores.add((int(high), int(low)))
    return Facts(frozenset(magnitudes), frozenset(scores))
