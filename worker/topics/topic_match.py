"""What comes of matching an article against a topic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """How sure a match is, the surest first."""

    STRICT = "strict"
    BALANCED = "balanced"
    WIDE = "wide"

    @property
    def included(self) -> frozenset[Band]:
        """What somebody gets who asks for this band: it, and every one that is surer."""
        bands = list(Band)
        return frozenset(bands[: bands.index(self) + 1])

    @property
    def is_unsure(self) -> bool:
        """Whether its matches are shown apart and are no verdict: the article may be about something else."""
        return self is Band.WIDE


DEFAULT_BAND = Band.BALANCED
"""What holds where nobody says how sure a match must be."""


@dataclass(frozen=True, slots=True)
class MatchedSpan:
    """Where a term matched: `field` is "title" or "text"; start and end count characters of that field."""

    field: str
    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """`score` is 0-1; `reasons` are one-line remarks for and against, the weightiest first."""

    topic: str
    score: float
    band: Band
    spans: tuple[MatchedSpan, ...]
    reasons: tuple[str, ...] = ()
