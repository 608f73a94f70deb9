"""Which story an article belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from worker.stories.embedding import Embedding, weigh_meaning
from worker.stories.features import StoryFeatures
from worker.stories.membership import StorySums
from worker.stories.similarity import Profile, cosine, fade, profile, tell_other_events, weigh_names, weigh_numbers
from worker.stories.vector_tags import is_tag
from worker.text.languages import base_language

WINDOW = timedelta(days=3)

_EVIDENCE = 8  # terms


@dataclass(frozen=True, slots=True)
class StoryCandidate:
    """A stored story, which an article may belong to."""

    story_id: int
    sums: StorySums


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
    `cross_language_threshold` while no member is in the article's language. Each doubling of a story asks for more
    by `growth` × ln 2, up to `growth_limit` members, and whatever its size a story asks for `core` of the mean
    similarity among its own members (of `core_limit` where one outlet's updates are more alike than that): so a
    wide topic does not swallow all that is said of it. A similarity counts names shared in title and lead by
    `names_bearing`, shared numbers by `numbers_bearing`, and fades by `fading` with every day of silence between them
    after the first. `window` is how far from its last article (or before its first one) a story stays open,
    `max_span` from its first. Reports that open with days further apart than `max_day_gap` tell other events, and
    so do those that share less than `min_shared_names` (0-1, by weight) of the names in their titles and leads, or
    less than `names_per_likeness` of their similarity: the more two reports read alike, the more of their names
    must be the same, or they were made from one form. Where both have embeddings of one model, `embedding_weight`
    is how much a cosine of theirs above or below `embedding_midpoint` counts
    (measured with an English model alone, docs/stories.md).
    """

    threshold: float = 0.21
    cross_language_threshold: float = 0.187
    growth: float = 0.2
    growth_limit: int = 10
    core: float = 0.5
    core_limit: float = 0.8
    names_bearing: float = 0.3
    numbers_bearing: float = 0.5
    fading: float = 0.2
    window: timedelta = WINDOW
    max_span: timedelta = timedelta(days=30)
    max_day_gap: timedelta = timedelta(days=5)
    min_shared_names: float = 0.2
    names_per_likeness: float = 0.7
    embedding_weight: float = 0.25
    embedding_midpoint: float = 0.7

    def asked_of(self, size: int, *, cohesion: float, same_language: bool) -> float:
        """Similarity asked of what would join a story of that many articles, so alike among themselves."""
        base = self.threshold if same_language else self.cross_language_threshold
        grown = base * (1 + self.growth * log(max(1, min(size, self.growth_limit))))
        return max(grown, self.core * min(cohesion, self.core_limit))

    def names_asked_of(self, similarity: float) -> float:
        """Share of the names (0-1) that reports so alike have in common if they are of one event."""
        # With embeddings a similarity can exceed 1: likeness of meaning asks for no more names.
        return max(self.min_shared_names, self.names_per_likeness * min(1.0, similarity))

    def weigh_meaning(self, one: Embedding | None, other: Embedding | None) -> float:
        """Factor by which embeddings raise or lower a similarity; 1.0 without them."""
        return weigh_meaning(one, other, weight=self.embedding_weight, midpoint=self.embedding_midpoint)


MEASURED = StorySettings()
"""What holds where the configuration says nothing."""


def assign(
    features: StoryFeatures,
    candidates: Sequence[StoryCandidate],
    *,
    now: datetime,
    settings: StorySettings = MEASURED,
) -> StoryAssignment:
    """Find the story of an article, whatever order the candidates come in.

    The candidate that exceeds its threshold by most wins (ties: the older story, the lower id). An article
    dated later than `now` is taken to have appeared now.
    """
    published = min(features.published, now)
    said, scored = profile(features.vector), []
    for candidate in candidates:
        if _is_open(candidate.sums, published, settings):
            story = profile(candidate.sums.total)
            found = _score(features, said, candidate.sums, story, published, settings)
            if not _is_other(said, story, found, settings):
                scored.append((found, candidate))
    if not scored:
        return StoryAssignment(None, 0.0)
    best_score, best = max(
        scored,
        key=lambda pair: (
            pair[0] / _threshold(features, pair[1].sums, settings),
            -pair[1].sums.first_published.timestamp(),
            -pair[1].story_id,
        ),
    )
    joined = best_score >= _threshold(features, best.sums, settings)
    return StoryAssignment(
        best.story_id if joined else None, round(best_score, 4), _find_evidence(features.vector, best.sums)
    )


def score(
    features: StoryFeatures,
    sums: StorySums,
    *,
    published: datetime | None = None,
    settings: StorySettings = MEASURED,
) -> float:
    """Similarity (0-1) of an article to a story, as thresholds are compared with.

    `published` is when the article is taken to have appeared, if not when it says.
    """
    said, story = profile(features.vector), profile(sums.total)
    return _score(features, said, sums, story, published or features.published, settings)


def _score(
    features: StoryFeatures,
    said: Profile,
    sums: StorySums,
    story: Profile,
    published: datetime,
    settings: StorySettings,
) -> float:
    shared = weigh_names(said, story, settings.names_bearing) * weigh_numbers(said, story, settings.numbers_bearing)
    fading = fade(_distance(published, sums), settings.fading)
    meaning = settings.weigh_meaning(features.embedding, sums.embedding)
    return min(1.0, mean_link(features.vector, sums) * shared * fading * meaning)


def mean_link(vector: Mapping[str, float], sums: StorySums) -> float:
    """Mean cosine similarity of an article to the members of a story."""
    return cosine(vector, sums.total) / max(1, sums.size)


def _threshold(features: StoryFeatures, sums: StorySums, settings: StorySettings) -> float:
    language = base_language(features.language)
    known = not language or not sums.languages or language in sums.languages
    return settings.asked_of(sums.size, cohesion=_cohesion(sums), same_language=known)


def _cohesion(sums: StorySums) -> float:
    """Mean similarity of a story's members to each other: what their sum's length exceeds theirs by; 0.0 for one."""
    pairs = sums.size * (sums.size - 1)
    squares = sum(weight * weight for weight in sums.total.values())
    return max(0.0, squares - sums.size) / pairs if pairs else 0.0


def _distance(published: datetime, sums: StorySums) -> timedelta:
    return max(sums.first_published - published, published - sums.last_published, timedelta(0))


def _is_open(sums: StorySums, published: datetime, settings: StorySettings) -> bool:
    return (
        _distance(published, sums) <= settings.window
        and published - sums.first_published <= settings.max_span
        and sums.last_published - published <= settings.max_span
    )


def _is_other(said: Profile, story: Profile, found: float, settings: StorySettings) -> bool:
    asked = settings.names_asked_of(found)
    return tell_other_events(said, story, max_day_gap=settings.max_day_gap, asked_names=asked)


def _find_evidence(vector: Mapping[str, float], sums: StorySums) -> tuple[tuple[str, float], ...]:
    parts = {
        term: round(weight * sums.total[term] / max(1, sums.size), 4)
        for term, weight in vector.items()
        if term in sums.total and not is_tag(term)
    }
    heaviest = sorted(parts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((term, part) for term, part in heaviest[:_EVIDENCE] if part > 0)
