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
class RoleReading:
    """The words of an article that are sure of a role, and those that hint at it, as written."""

    name: str
    sure: tuple[str, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicReading:
    """What a topic with roles makes of an article, match or not: `score` is 0 where it is no candidate."""

    topic: str
    score: float
    roles: tuple[RoleReading, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """`score` is 0-1; `reasons` are one-line remarks for and against, the weightiest first."""

    topic: str
    score: float
    band: Band
    spans: tuple[MatchedSpan, ...]
    reasons: tuple[str, ...] = ()
