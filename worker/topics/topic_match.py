"""What comes of matching an article against a topic."""

from __future__ import annotations

from dataclasses import dataclass

from worker.text.bands import Band


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
