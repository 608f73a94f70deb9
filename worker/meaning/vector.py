"""A meaning: a direction among a few hundred, comparable with those of the same model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from operator import mul
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Meaning:
    """A vector of length 1. `model` names what made it and of what: those of two models say nothing of each other."""

    model: str
    vector: tuple[float, ...]


class SentenceModel(Protocol):
    """Whatever makes a vector of a few sentences. `name` is up to 32 ASCII characters, another for other vectors."""

    @property
    def name(self) -> str: ...

    def __call__(self, text: str) -> Meaning | None:
        """Return what the text means, the same for the same text; None where it says nothing to the model."""
        ...


def as_meaning(model: str, vector: Sequence[float]) -> Meaning | None:
    """Return the vector drawn to length 1; None for one without a direction."""
    length = sqrt(sum(map(mul, vector, vector)))
    return Meaning(model, tuple(part / length for part in vector)) if length and isfinite(length) else None


def likeness(one: Meaning, other: Meaning) -> float | None:
    """Cosine of the two, -1 to 1; None where different models made them."""
    if one.model != other.model or len(one.vector) != len(other.vector):
        return None
    cosine: float = sum(map(mul, one.vector, other.vector))
    return cosine
