"""Is an article a copy of one that is already known?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from worker.duplicates.alignment import Run, align
from worker.duplicates.fingerprint import MIN_WORDS, Fingerprint
from worker.duplicates.opening import BEFORE, announces, is_one_article, share_only_surroundings
from worker.duplicates.quotation import share_one_sentence
from worker.duplicates.settings import MEASURED, DuplicateSettings
from worker.duplicates.template import FactCheck, check_facts, differ_by_numbers, differ_by_slots

_MAX_ALIGNED = 6  # candidates; what is less alike than six made from its template is made from it too
_EVIDENCE = 300  # characters
_MIN_TAKEN = 0.45  # of the words: who wrote more than half of a text reports, and quotes the rest
_LATE = timedelta(days=2)  # until then copies are printed; what is alike later was made from one form, or is an update
_FORM_SWAP_RATE = 0.12  # of the facts in the sentences that differ, where a form is suspected

Shingles = frozenset[tuple[str, str, str]]
Seniority = tuple[bool, datetime, datetime, int]


class DuplicateKind(StrEnum):
    """How an article relates to those before it."""

    UNIQUE = "unique"
    EXACT = "exact"  # the same words in the same order
    NEAR = "near"  # an excerpt, a light rewrite, a corrected version


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article that may be the original, or a copy.

    `copied_from` names the article it is a copy of; `address` stands for the page's own (canonical) address. `outlet`
    is who published it, empty where nobody knows; `is_excerpt` says that its page was not read, only its feed.
    """

    article_id: int
    fingerprint: Fingerprint
    published: datetime | None
    seen: datetime
    copied_from: int | None = None
    address: str = ""
    outlet: str = ""
    is_excerpt: bool = False

    @property
    def seniority(self) -> Seniority:
        """How copies are compared: the smaller one is the original. Whole, published first, seen first, lowest id."""
        return (self.is_excerpt, self.published or self.seen, self.seen, self.article_id)


@dataclass(frozen=True, slots=True)
class DuplicateDecision:
    """`similarity` is 0-1 (1.0 for exact); `evidence` is the longest shared passage, in words."""

    kind: DuplicateKind
    duplicate_of: int | None = None
    similarity: float | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class _Match:
    """`coverage` is the share of the article's shingles that the candidate holds; `is_neighbour` says that it is of the
    same outlet, `one_article` that of another one and the same article, whatever else their pages say."""

    candidate: Candidate
    containment: float
    nearness: float
    coverage: float = 1.0
    is_neighbour: bool = False
    one_article: bool = False

    def rank(self, step: float) -> tuple[bool, int, Seniority]:
        """The smallest wins. A total order: the best of many is the best of any two winners among them."""
        return (not self.one_article, -int(self.nearness / step + 1e-9), self.candidate.seniority)


def decide(
    fingerprint: Fingerprint,
    candidates: Sequence[Candidate],
    *,
    address: str = "",
    published: datetime | None = None,
    outlet: str = "",
    settings: DuplicateSettings = MEASURED.thresholds,
) -> DuplicateDecision:
    """Decide whether an article copies one of `candidates`, whatever order they come in.

    The same words are an exact copy of the earliest candidate that has them, and so is a page with the same
    `address` of its own, unless the texts show that the address is wrong. Otherwise the candidate most
    alike wins (among equals: the senior one) unless its likeness is that of a template, or of what pages of one
    `outlet` say round their articles.
    """
    if same := [c for c in candidates if _is_same(fingerprint, address, c, settings)]:
        first = min(same, key=lambda candidate: candidate.seniority)
        return _decision(DuplicateKind.EXACT, _Match(first, 1.0, 1.0), " ".join(fingerprint.words[:_EVIDENCE]))
    matches = sorted(
        _compare(fingerprint, candidates, published, outlet, settings),
        key=lambda match: match.rank(settings.tolerance),
    )
    likely = matches[:_MAX_ALIGNED]
    best = _first_verified(fingerprint, likely, published, settings)
    if best is None and (others := _announced(fingerprint, likely)):
        best = _first_verified(fingerprint, likely, published, settings, others=others)
    if best is None:
        return DuplicateDecision(DuplicateKind.UNIQUE)
    match, runs = best
    return _decision(DuplicateKind.NEAR, match, _longest_passage(fingerprint, runs))


def _is_same(fingerprint: Fingerprint, address: str, candidate: Candidate, settings: DuplicateSettings) -> bool:
    """Some sites give one address to all pages of a section: two texts that differ are two articles all the same."""
    other = candidate.fingerprint
    if other.text_hash == fingerprint.text_hash:
        return bool(fingerprint.word_count)
    if not address or candidate.address != address or min(fingerprint.word_count, other.word_count) < MIN_WORDS:
        return False
    here, there = _shingles(fingerprint.words), _shingles(other.words)
    return len(here & there) >= settings.min_candidate_containment * min(len(here), len(there))


def _decision(kind: DuplicateKind, match: _Match, passage: str) -> DuplicateDecision:
    if len(passage) > _EVIDENCE:
        passage = passage[:_EVIDENCE].rpartition(" ")[0] or passage[:_EVIDENCE]
    return DuplicateDecision(kind, match.candidate.article_id, round(match.containment, 4), passage)


def _compare(
    fingerprint: Fingerprint, candidates: Sequence[Candidate], published: datetime | None, outlet: str,
    settings: DuplicateSettings,
) -> Iterator[_Match]:  # fmt: skip
    """Candidates that may be copies by their shingles, or by headline and beginning."""
    here = _shingles(fingerprint.words)
    for candidate in candidates:
        other = candidate.fingerprint
        is_neighbour = bool(outlet) and outlet.casefold() == candidate.outlet.casefold()
        elsewhere = bool(outlet and candidate.outlet) and not is_neighbour
        one_article = elsewhere and not _is_late(published, candidate) and is_one_article(fingerprint, other)
        there = _shingles(other.words)
        shorter = min(len(here), len(there))
        # A text that repeats itself has few shingles, and holding those says nothing.
        says_little = min(fingerprint.word_count, other.word_count) < MIN_WORDS or shorter < MIN_WORDS // 2
        if says_little and not one_article:
            continue
        shared = len(here & there)
        alike = shared >= settings.min_candidate_containment * shorter and shared >= settings.min_coverage * len(here)
        if alike or one_article:
            jaccard, coverage = shared / (len(here) + len(there) - shared), shared / len(here)
            nearness = (2 * coverage + jaccard) / 3
            yield _Match(candidate, shared / shorter, nearness, coverage, is_neighbour, one_article)


def _shingles(words: Sequence[str]) -> Shingles:
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _announced(fingerprint: Fingerprint, matches: Sequence[_Match]) -> int:
    """How many of the article's words are another's that its page goes on with: the most of any one."""
    aligned = (
        (match.candidate.fingerprint, align(fingerprint.words, match.candidate.fingerprint.words)) for match in matches
    )
    return max((_taken(runs) for other, runs in aligned if announces(fingerprint, other, runs)), default=0)


def _first_verified(
    fingerprint: Fingerprint, matches: Sequence[_Match], published: datetime | None, settings: DuplicateSettings, *,
    others: int = 0,
) -> tuple[_Match, tuple[Run, ...]] | None:  # fmt: skip
    """The first match that holds. `others` is how many of the article's words are none of its own."""
    for match in matches:
        other = match.candidate.fingerprint
        runs = align(fingerprint.words, other.words)
        if not match.one_article and not _is_enough(fingerprint, match, runs, settings, others):
            continue
        check = check_facts(fingerprint, other, runs)
        is_template = _is_template(check, settings)
        if match.one_article and not (is_template and _are_aligned(fingerprint, other, runs, settings)):
            return match, runs
        if _is_filled_anew(fingerprint, match.candidate, published, check, settings):
            return None  # the same form, or an update: what is less alike is so too
        if not is_template:
            return match, runs
    return None


def _is_enough(
    fingerprint: Fingerprint, match: _Match, runs: Sequence[Run], settings: DuplicateSettings, others: int
) -> bool:
    """Whether what they share is enough for a copy, and of the article itself."""
    other = match.candidate.fingerprint
    if match.containment < settings.min_containment and not _are_aligned(fingerprint, other, runs, settings):
        return False
    size, own = len(fingerprint.words), len(fingerprint.words) - others
    # What repeats itself is badly aligned: there the shingles tell.
    if max(match.coverage * size, _taken(runs)) < _MIN_TAKEN * own or _is_part(fingerprint, other, runs, settings):
        return False
    if announces(fingerprint, other, runs) or announces(other, fingerprint, [Run(b, a, size) for a, b, size in runs]):
        return False
    if share_one_sentence(fingerprint, other, runs):
        return False
    return not (match.is_neighbour and share_only_surroundings(fingerprint, other, runs))


def _taken(runs: Sequence[Run]) -> int:
    return sum(run.length for run in runs)


def _are_aligned(left: Fingerprint, right: Fingerprint, runs: Sequence[Run], settings: DuplicateSettings) -> bool:
    """Whether most of the shorter text's words stand in the other one in the same order."""
    return _taken(runs) >= settings.min_aligned * min(len(left.words), len(right.words))


def _is_part(fingerprint: Fingerprint, other: Fingerprint, runs: Sequence[Run], settings: DuplicateSettings) -> bool:
    """Whether the article is a small part of the other text and not the beginning of it."""
    if len(fingerprint.words) >= settings.max_part * len(other.words):
        return False
    near = len(fingerprint.words) + BEFORE
    inside = sum(max(0, min(run.length, near - run.right)) for run in runs)
    return inside < settings.min_beginning * _taken(runs)


def _is_filled_anew(
    fingerprint: Fingerprint, candidate: Candidate, published: datetime | None, check: FactCheck,
    settings: DuplicateSettings,
) -> bool:  # fmt: skip
    """Whether the two are one form filled in twice: by their headlines, the days between them and the swapped facts.

    Where days have passed and the headlines have other numbers, a form's sentences may stand in another order, which
    hides what is swapped.
    """
    late, headlines = _is_late(published, candidate), (fingerprint.headline, candidate.fingerprint.headline)
    if late and differ_by_numbers(*headlines):
        return True
    swapped = check.swapped >= settings.template_swaps and check.swap_rate_beside >= _FORM_SWAP_RATE
    return swapped and (late or differ_by_slots(*headlines))


def _is_late(published: datetime | None, candidate: Candidate) -> bool:
    return published is not None and abs(published - (candidate.published or candidate.seen)) > _LATE


def _is_template(check: FactCheck, settings: DuplicateSettings) -> bool:
    return (
        check.swapped >= settings.template_swaps
        and check.swap_rate >= settings.template_swap_rate
        and check.density >= settings.template_density
    )


def _longest_passage(fingerprint: Fingerprint, runs: Sequence[Run]) -> str:
    longest = max(runs, key=lambda run: run.length, default=Run(0, 0, 0))
    return " ".join(fingerprint.words[longest.left : longest.left + longest.length])
