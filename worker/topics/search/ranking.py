"""In which order found articles stand: new before old, and what has the words in its headline before others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

_HALF = timedelta(days=30)
"""An article of that age with all the words in its headline stands beside one of today with none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be what is asked for."""

    id: int
    title: str
    published: datetime


def rank(
    candidates: Iterable[Candidate], share_in_title: Callable[[str], float], *, now: datetime
) -> list[Candidate]:  # fmt: skip
    """Return the candidates, the best first."""

    def weight(one: Candidate) -> tuple[float, datetime, int]:
        age = max(timedelta(), now - one.published) / _HALF
        return (1 + share_in_title(one.title)) / (1 + age), one.published, one.id

    return sorted(candidates, key=weight, reverse=True)
