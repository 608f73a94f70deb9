"""What an article means as a dense vector, where a model for it is configured, and what that bears on a score.

Where there is none, or another model made it, the words alone count: then every factor here is 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from operator import mul


@dataclass(frozen=True, slots=True)
class Embedding:
    """The sum of `count` unit vectors of one model, which `model` names: of an article, or of a story's members."""

    model: str
    total: tuple[float, ...]
    count: int = 1


def as_embedding(model: str, vector: tuple[float, ...]) -> Embedding | None:
    """An article's embedding, of length 1; None for a vector without a direction."""
    length = sqrt(sum(map(mul, vector, vector)))
    return Embedding(model, tuple(part / length for part in vector)) if 0 < length < float("inf") else None


def pool(total: Embedding | None, member: Embedding | None) -> Embedding | None:
    """The sum with another member; one that a later model made begins a new sum."""
    if total is None or member is None:
        return member or total
    if not _comparable(total, member):
        return member
    summed = tuple(left + right for left, right in zip(total.total, member.total, strict=True))
    return Embedding(total.model, summed, total.count + member.count)


def mean_likeness(one: Embedding, other: Embedding) -> float | None:
    """Mean cosine of all pairs between the two, -1 to 1; None where different models made them."""
    if not _comparable(one, other):
        return None
    summed: float = sum(map(mul, one.total, other.total))
    return summed / (one.count * other.count)


def _comparable(one: Embedding, other: Embedding) -> bool:
    return one.model == other.model and len(one.total) == len(other.total)
