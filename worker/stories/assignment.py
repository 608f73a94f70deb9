"""Which story an article belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from worker.stories.dateline import days_among
from worker.stories.features import StoryFeatures
from worker.stories.rarity import base_language

WINDOW = timedelta(days=3)

_MAX_TERMS = 400
_EVIDENCE = 8  # terms


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
class StoryTotals:
    """What is stored of a story after an article has joined it; the fields of `StoryCandidate`."""

    size: int
    total: Mapping[str, float]
    first_published: datetime
    last_published: datetime
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryAssignment:
    """`story_id` is None for a new story; `score` is that of the best candidate, joined or not.

    `evidence` holds the shared terms that weighed most, with their part of the score.
    """

    story_id: int | None
    score: float
    evidence: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class StorySettings:
    """Thresholds, measured on BASIL, AllSides, MEANTIME and SemEval-2022 news pairs (one set for all).

    An article joins a story when its mean similarity to the members reaches `threshold`, or
    `cross_language_threshold` while no member is in the article's language. Each doubling of a story
    asks for more by `growth` × ln 2, up to `growth_limit` members: so a wide topic does not swallow all
    that is said of it. `window` is how far from its last article (or before its first one) a story stays
    open, `max_span` from its first. Reports that open with days further apart than `max_day_gap` tell other
    events.
    """

    threshold: float = 0.225
    cross_language_threshold: float = 0.2
    growth: float = 0.15
    growth_limit: int = 10
    window: timedelta = WINDOW
    max_span: timedelta = timedelta(days=30)
    max_day_gap: timedelta = timedelta(days=5)


def assign(
    features: StoryFeatures,
    candidates: Sequence[StoryCandidate],
    *,
    now: datetime,
    settings: StorySettings = StorySettings(),
) -> StoryAssignment:
    """Find the story of an article, whatever order the candidates come in.

    The candidate that exceeds its threshold by most wins (ties: the older story, the lower id). An article
    dated later than `now` is taken to have appeared now.
    """
    published = min(features.published, now)
    open_ones = [c for c in candidates if _is_open(c, published, settings) and _days_agree(features, c, settings)]
    if not open_ones:
        return StoryAssignment(None, 0.0)
    scored = [(mean_link(features.vector, candidate), candidate) for candidate in open_ones]
    score, best = max(
        scored,
        key=lambda pair: (
            pair[0] / _threshold(features, pair[1], settings),
            -pair[1].first_published.timestamp(),
            -pair[1].story_id,
        ),
    )
    joined = score >= _threshold(features, best, settings)
    return StoryAssignment(best.story_id if joined else None, round(score, 4), _find_evidence(features.vector, best))


def absorb(candidate: StoryCandidate | None, features: StoryFeatures) -> StoryTotals:
    """What to store of a story once the article has joined it; of a new one for None."""
    language = base_language(features.language)
    if candidate is None:
        languages = (language,) if language else ()
        return StoryTotals(1, dict(features.vector), features.published, features.published, languages)
    total = dict(candidate.total)
    for term, weight in features.vector.items():
        total[term] = round(total.get(term, 0.0) + weight, 5)
    return StoryTotals(
        size=candidate.size + 1,
        total=_bound(total),
        first_published=min(candidate.first_published, features.published),
        last_published=max(candidate.last_published, features.published),
        languages=tuple(sorted({*candidate.languages, language} - {""})),
    )


def replace_member(
    total: Mapping[str, float], before: Mapping[str, float], after: Mapping[str, float]
) -> Mapping[str, float]:
    """Return a story's `total` with what one member said before replaced by what it says now."""
    terms = {*total, *after}
    sums = {term: round(total.get(term, 0.0) - before.get(term, 0.0) + after.get(term, 0.0), 5) for term in terms}
    return _bound({term: weight for term, weight in sums.items() if weight > 0})


def mean_link(vector: Mapping[str, float], candidate: StoryCandidate) -> float:
    """Mean cosine similarity of an article to the members of a story."""
    shared = sum(weight * candidate.total[term] for term, weight in vector.items() if term in candidate.total)
    return shared / max(1, candidate.size)


def _threshold(features: StoryFeatures, candidate: StoryCandidate, settings: StorySettings) -> float:
    language = base_language(features.language)
    known = not language or not candidate.languages or language in candidate.languages
    base = settings.threshold if known else settings.cross_language_threshold
    return base * (1 + settings.growth * log(max(1, min(candidate.size, settings.growth_limit))))


def _is_open(candidate: StoryCandidate, published: datetime, settings: StorySettings) -> bool:
    before = candidate.first_published - published
    after = published - candidate.last_published
    return (
        max(before, after) <= settings.window
        and published - candidate.first_published <= settings.max_span
        and candidate.last_published - published <= settings.max_span
    )


def _days_agree(features: StoryFeatures, candidate: StoryCandidate, settings: StorySettings) -> bool:
    here = days_among(features.vector)
    there = days_among(candidate.total) if here else set()
    return not there or min(abs(a - b) for a in here for b in there) <= settings.max_day_gap


def _find_evidence(vector: Mapping[str, float], candidate: StoryCandidate) -> tuple[tuple[str, float], ...]:
    parts = {
        term: round(weight * candidate.total[term] / max(1, candidate.size), 4)
        for term, weight in vector.items()
        if term in candidate.total
    }
    heaviest = sorted(parts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((term, part) for term, part in heaviest[:_EVIDENCE] if part > 0)


def _bound(total: dict[str, float]) -> dict[str, float]:
    """The heaviest terms, and all days: they are light, and the guard against other events needs them."""
    days = {day.isoformat() for day in days_among(total)}
    heaviest = sorted(total.items(), key=lambda item: (item[0] not in days, -item[1], item[0]))
    return dict(heaviest[:_MAX_TERMS])
