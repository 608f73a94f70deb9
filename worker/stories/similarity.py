"""How alike two vectors are, and what forbids that they tell one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import exp

from worker.stories.dateline import Day
from worker.stories.facts import Facts
from worker.stories.vector_tags import days_among, facts_among, names_among

# Of two reports of one event, each holds on average this share of the other's names (measured on four sets).
_USUAL_SHARE = 0.7
_FEWEST_NAMES = 2  # below, two reports of one event may well share none
_MUCH_ASKED = 0.4  # of reports that read alike as forms do: then even a single name tells
_USUAL_NUMBERS = 0.3  # the same of numbers; each report counts its own
_FEWEST_NUMBERS = 2


@dataclass(frozen=True, slots=True)
class Profile:
    """A vector, or a story's sum of vectors, with the vector tags and numbers in it looked up once."""

    vector: Mapping[str, float]
    names: Mapping[str, float]
    days: frozenset[Day]
    numbers: frozenset[str]
    facts: Facts


def profile(vector: Mapping[str, float]) -> Profile:
    """Return the profile of a vector."""
    # Vector tags and numbers sort before the letters that words begin with: one pass over the many words is enough.
    others = {term: weight for term, weight in vector.items() if term < "A"}
    numbers = frozenset(term for term in others if term.isdigit())
    return Profile(vector, names_among(others), frozenset(days_among(others)), numbers, facts_among(others))


def cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Dot product of two sparse vectors: for unit vectors the cosine of their angle."""
    if len(left) > len(right):
        left, right = right, left
    return sum(weight * right[term] for term, weight in left.items() if term in right)


def weigh_names(left: Profile, right: Profile, bearing: float) -> float:
    """Factor by which shared names raise a similarity, and missing ones lower it; 1.0 where nothing is named.

    `bearing` is how much lies between none shared and all.
    """
    shares = _shares(left, right)
    return 1 + bearing * (sum(shares) / len(shares) - _USUAL_SHARE) if shares else 1.0


def weigh_numbers(left: Profile, right: Profile, bearing: float) -> float:
    """Factor by which shared numbers raise a similarity, and other ones lower it; 1.0 where there are few.

    They need no translation: across languages they tell events apart that share all their names.
    """
    if min(len(left.numbers), len(right.numbers)) < _FEWEST_NUMBERS:
        return 1.0
    shared = len(left.numbers & right.numbers)
    share = (shared / len(left.numbers) + shared / len(right.numbers)) / 2
    return 1 + bearing * (share - _USUAL_NUMBERS)


def fade(apart: timedelta, per_day: float) -> float:
    """Factor by which a similarity fades with the time between two reports; the first day is free."""
    return exp(-per_day * max(0.0, apart / timedelta(days=1) - 1))


def tell_other_events(left: Profile, right: Profile, *, max_day_gap: timedelta, asked_names: float) -> bool:
    """Whether reports cannot be of one event, however alike their words are.

    They open with days further apart than `max_day_gap`, or with facts that contradict; or both name people and
    places, and neither holds `asked_names` (0-1, by weight) of the other's: the same kind of event elsewhere. Where
    one of them names only one, it is asked for when the reports read alike as forms do, and no part of it is shared.
    """
    if left.days and right.days and min(a.days_from(b) for a in left.days for b in right.days) > max_day_gap.days:
        return True
    if left.facts.contradict(right.facts):
        return True
    if min(len(left.names), len(right.names)) < _FEWEST_NAMES:
        return bool(left.names and right.names) and asked_names > _MUCH_ASKED and not any(_shares(left, right))
    return max(_shares(left, right)) < asked_names


def _shares(left: Profile, right: Profile) -> list[float]:
    """For each side that names anything: the share of its names that the other side's words hold."""
    return [
        sum(weight for name, weight in one.names.items() if name in other.vector) / sum(one.names.values())
        for one, other in ((left, right), (right, left))
        if one.names
    ]
