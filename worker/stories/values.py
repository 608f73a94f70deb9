"""What is compared to find an article's story, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """The part of an article that decides its story. `published` is when it is taken to have appeared."""

    title: str
    text: str
    language: str | None
    published: datetime


@dataclass(frozen=True, slots=True)
class StoryFeatures:
    """An article as a unit vector of weighted terms, frozen when it is first analysed.

    `keys` are its rarest terms: two articles that share none of them are not compared.
    """

    vector: Mapping[str, float]
    keys: tuple[str, ...]
    language: str | None
    published: datetime


@dataclass(frozen=True, slots=True)
class StoryCandidate:
    """A stored story. `total` is the sum of its members' vectors, so a mean needs no member."""

    story_id: int
    size: int
    total: Mapping[str, float]
    first_published: datetime
    last_published: datetime
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryAssignment:
    """`story_id` is None for a new story; `score` is that of the best candidate, joined or not.

    `evidence` holds the shared terms that weighed most, with their part of the score.
    """

    story_id: int | None
    score: float
    evidence: tuple[tuple[str, float], ...] = ()
