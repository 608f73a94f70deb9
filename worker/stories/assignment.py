"""Which story an article belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from worker.stories.embedding import Embedding, pool, weigh_meaning
from worker.stories.features import StoryFeatures
from worker.stories.similarity import Profile, cosine, fade, profile, tell_other_events, weigh_names, weigh_numbers
from worker.stories.vector_tags import is_tag, strongest_tags
from worker.text.languages import base_language

WINDOW = timedelta(days=3)

_MAX_TERMS = 400
_MAX_NAMES = 60
_EVIDENCE = 8  # terms


@dataclass(frozen=True, slots=True)
class StoryCandidate:
    """A stored story. `total` is the sum of its members' vectors, so a mean needs no member; so is `embedding`."""

    story_id: int
    size: int
    total: Mapping[str, float]
    first_published: datetime
    last_published: datetime
    languages: tuple[str, ...] = ()
    embedding: Embedding | None = None


@dataclass(frozen=True, slots=True)
class StoryTotals:
    """What is stored of a story after an article has joined it; the fields of `StoryCandidate`."""

    size: int
    total: Mapping[str, float]
    first_published: datetime
    last_published: datetime
    languages: tuple[str, ...]
    embedding: Embedding | None = None


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
        if _is_open(candidate, published, settings):
            story = profile(candidate.total)
            found = _score(features, said, candidate, story, published, settings)
            if not _is_other(said, story, found, settings):
                scored.append((found, candidate))
    if not scored:
        return StoryAssignment(None, 0.0)
    best_score, best = max(
        scored,
        key=lambda pair: (
            pair[0] / _threshold(features, pair[1], settings),
            -pair[1].first_published.timestamp(),
            -pair[1].story_id,
        ),
    )
    joined = best_score >= _threshold(features, best, settings)
    return StoryAssignment(
        best.story_id if joined else None, round(best_score, 4), _find_evidence(features.vector, best)
    )


def score(
    features: StoryFeatures,
    candidate: StoryCandidate,
    *,
    published: datetime | None = None,
    settings: StorySettings = MEASURED,
) -> float:
    """Similarity (0-1) of an article to a story, as thresholds are compared with.

    `published` is when the article is taken to have appeared, if not when it says.
    """
    said, story = profile(features.vector), profile(candidate.total)
    return _score(features, said, candidate, story, published or features.published, settings)


def _score(
    features: StoryFeatures,
    said: Profile,
    candidate: StoryCandidate,
    story: Profile,
    published: datetime,
    settings: StorySettings,
) -> float:
    shared = weigh_names(said, story, settings.names_bearing) * weigh_numbers(said, story, settings.numbers_bearing)
    fading = fade(_distance(published, candidate), settings.fading)
    meaning = settings.weigh_meaning(features.embedding, candidate.embedding)
    return min(1.0, mean_link(features.vector, candidate) * shared * fading * meaning)


def absorb(candidate: StoryCandidate | None, features: StoryFeatures) -> StoryTotals:
    """What to store of a story once the article has joined it; of a new one for None."""
    language = base_language(features.language)
    if candidate is None:
        languages = (language,) if language else ()
        return StoryTotals(
            1, dict(features.vector), features.published, features.published, languages, features.embedding
        )
    total = dict(candidate.total)
    for term, weight in features.vector.items():
        total[term] = round(total.get(term, 0.0) + weight, 5)
    return StoryTotals(
        size=candidate.size + 1,
        total=_bound(total),
        first_published=min(candidate.first_published, features.published),
        last_published=max(candidate.last_published, features.published),
        languages=tuple(sorted({*candidate.languages, language} - {""})),
        embedding=pool(candidate.embedding, features.embedding),
    )


def replace_member(
    total: Mapping[str, float], before: Mapping[str, float], after: Mapping[str, float]
) -> Mapping[str, float]:
    """Return a story's `total` with what one member said before replaced by what it says now."""
    terms = {*total, *after}
    sums = {term: round(total.get(term, 0.0) - before.get(term, 0.0) + after.get(term, 0.0), 5) for term in terms}
    return _bound({term: weight for term, weight in sums.items() if weight > 0})


def sum_up(members: Sequence[StoryFeatures]) -> StoryTotals:
    """What to store of a story with these members. Raises ValueError for none."""
    if not members:
        raise ValueError("a story has at least one member")
    totals = absorb(None, members[0])
    for member in members[1:]:
        story = StoryCandidate(
            0, totals.size, totals.total, totals.first_published, totals.last_published, totals.languages,
            totals.embedding,
        )  # fmt: skip
        totals = absorb(story, member)
    return totals


def mean_link(vector: Mapping[str, float], candidate: StoryCandidate) -> float:
    """Mean cosine similarity of an article to the members of a story."""
    return cosine(vector, candidate.total) / max(1, candidate.size)


def _threshold(features: StoryFeatures, candidate: StoryCandidate, settings: StorySettings) -> float:
    language = base_language(features.language)
    known = not language or not candidate.languages or language in candidate.languages
    return settings.asked_of(candidate.size, cohesion=_cohesion(candidate), same_language=known)


def _cohesion(candidate: StoryCandidate) -> float:
    """Mean similarity of a story's members to each other: what their sum's length exceeds theirs by; 0.0 for one."""
    pairs = candidate.size * (candidate.size - 1)
    squares = sum(weight * weight for weight in candidate.total.values())
    return max(0.0, squares - candidate.size) / pairs if pairs else 0.0


def _distance(published: datetime, candidate: StoryCandidate) -> timedelta:
    return max(candidate.first_published - published, published - candidate.last_published, timedelta(0))


def _is_open(candidate: StoryCandidate, published: datetime, settings: StorySettings) -> bool:
    return (
        _distance(published, candidate) <= settings.window
        and published - candidate.first_published <= settings.max_span
        and candidate.last_published - published <= settings.max_span
    )


def _is_other(said: Profile, story: Profile, found: float, settings: StorySettings) -> bool:
    asked = settings.names_asked_of(found)
    return tell_other_events(said, story, max_day_gap=settings.max_day_gap, asked_names=asked)


def _find_evidence(vector: Mapping[str, float], candidate: StoryCandidate) -> tuple[tuple[str, float], ...]:
    parts = {
        term: round(weight * candidate.total[term] / max(1, candidate.size), 4)
        for term, weight in vector.items()
        if term in candidate.total and not is_tag(term)
    }
    heaviest = sorted(parts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((term, part) for term, part in heaviest[:_EVIDENCE] if part > 0)


def _bound(total: dict[str, float]) -> dict[str, float]:
    """The heaviest terms, and first of all the marks: the guards against other events need them."""
    marks = strongest_tags(total, names=_MAX_NAMES)
    heaviest = sorted(total.items(), key=lambda item: (item[0] not in marks, -item[1], item[0]))
    return dict(heaviest[:_MAX_TERMS])
