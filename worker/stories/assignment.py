"""Which story an article belongs to, as it arrives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.stories.features import StoryFeatures
from worker.stories.pairing import link
from worker.stories.settings import MEASURED, StorySettings
from worker.stories.similarity import as_probability

_EVIDENCE = 8  # terms


@dataclass(frozen=True, slots=True)
class StoryCandidate:
    """A stored story, which an article may belong to, with all its members."""

    story_id: int
    members: tuple[StoryFeatures, ...]

    @property
    def first_published(self) -> datetime:
        """When its first member appeared."""
        return min(member.published for member in self.members)

    @property
    def last_published(self) -> datetime:
        """When its last member appeared."""
        return max(member.published for member in self.members)


@dataclass(frozen=True, slots=True)
class StoryAssignment:
    """`story_id` is None for a new story; `score` is how likely (0-1) the best candidate was, joined or not.

    `evidence` holds the shared terms that weighed most, with their part of the cosine.
    """

    story_id: int | None
    score: float
    evidence: tuple[tuple[str, float], ...] = ()


def assign(
    features: StoryFeatures,
    candidates: Sequence[StoryCandidate],
    *,
    now: datetime,
    settings: StorySettings = MEASURED,
) -> StoryAssignment:
    """Find the story of an article, whatever order the candidates come in.

    The candidate that exceeds what it asks by most wins (ties: the older story, the lower id), where it does so by
    more than a doubt: what is told to readers before hindsight has looked is rather apart than wrong. An article
    dated later than `now` is taken to have appeared now.
    """
    appeared = replace(features, published=min(features.published, now))
    scored = [
        (score(appeared, near, settings=settings) - settings.asked_of(len(one.members)), one)
        for one in candidates
        if _is_open(one, appeared.published, settings) and (near := _near(appeared, one.members, settings))
    ]
    if not scored:
        return StoryAssignment(None, 0.0)
    beyond, best = max(scored, key=lambda pair: (pair[0], -pair[1].first_published.timestamp(), -pair[1].story_id))
    found = as_probability(beyond + settings.asked_of(len(best.members)))
    return StoryAssignment(
        best.story_id if beyond >= settings.doubt else None, round(found, 4), _find_evidence(features, best.members)
    )


def score(features: StoryFeatures, members: Sequence[StoryFeatures], *, settings: StorySettings = MEASURED) -> float:
    """Mean log-odds that an article tells the event that the members of a story tell. There must be one."""
    return sum(link(features, member, settings) for member in members) / len(members)


def _is_open(story: StoryCandidate, published: datetime, settings: StorySettings) -> bool:
    return (
        published - story.first_published <= settings.max_span and story.last_published - published <= settings.max_span
    )


def _near(features: StoryFeatures, members: Sequence[StoryFeatures], settings: StorySettings) -> list[StoryFeatures]:
    """Those within one window: as with hindsight, no others decide."""
    return [member for member in members if abs(member.published - features.published) <= settings.window]


def _find_evidence(features: StoryFeatures, members: Sequence[StoryFeatures]) -> tuple[tuple[str, float], ...]:
    others = [member.profile.words for member in members]
    parts = {term: weight * _mean(term, others) for term, weight in features.profile.words.items()}
    heaviest = sorted(parts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((term, round(part, 4)) for term, part in heaviest[:_EVIDENCE] if round(part, 4) > 0)


def _mean(term: str, vectors: Sequence[Mapping[str, float]]) -> float:
    return sum(vector.get(term, 0.0) for vector in vectors) / len(vectors)
