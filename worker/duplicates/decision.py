"""Is an article a copy of one that is already known?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from worker.duplicates.alignment import Run, align
from worker.duplicates.fingerprint import MIN_WORDS, Fingerprint
from worker.duplicates.template import FactCheck, check_facts, differ_by_slots

_MAX_ALIGNED = 6  # candidates; what is less alike than six made from its template is made from it too
_EVIDENCE = 300  # characters
_MIN_TAKEN = 0.45  # of the words: who wrote more than half of a text reports, and quotes the rest
_LATE = timedelta(days=2)  # until then copies are printed; what is alike later was made from one form, or is an update
_FORM_SWAP_RATE = 0.12  # of the facts in the sentences that differ, where a form is suspected
_BEFORE = 30  # words that may stand before a beginning: a dateline, a notice

Shingles = frozenset[tuple[str, str, str]]


class DuplicateKind(StrEnum):
    """How an article relates to those before it."""

    UNIQUE = "unique"
    EXACT = "exact"  # the same words in the same order
    NEAR = "near"  # an excerpt, a light rewrite, a corrected version


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article that may be the original, or a copy.

    `copied_from` names the article it is a copy of; `address` stands for the page's own (canonical) address.
    """

    article_id: int
    fingerprint: Fingerprint
    published: datetime | None
    seen: datetime
    copied_from: int | None = None
    address: str = ""

    @property
    def seniority(self) -> tuple[datetime, datetime, int]:
        """How copies are compared: the smaller one is the original. Published first, seen first, lowest id."""
        return (self.published or self.seen, self.seen, self.article_id)


@dataclass(frozen=True, slots=True)
class DuplicateDecision:
    """`similarity` is 0-1 (1.0 for exact); `evidence` is the longest shared passage, in words."""

    kind: DuplicateKind
    duplicate_of: int | None = None
    similarity: float | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class DuplicateSettings:
    """Thresholds, measured on 2,400 edited copies and 240 templated look-alikes at four seeds, and on the
    21 forms of `benchmarks/look_alikes/forms.py`: no copy lost, under 1 % of the pairs made from one form let through.
    Why `min_containment` has its value is in docs/copies.md.

    `min_containment`: share of the shorter text's three-word shingles that the other one holds; texts that
    hold fewer, down to `min_candidate_containment`, are copies when `min_aligned` of the shorter one's words
    stand in the other in the same order. `min_coverage`: share of the new article that must come from the
    old one, so that a long feature is no copy of the short note it quotes whole. Of several candidates the one
    that holds most of the article is the original and, since a collection holds a text as well as the text itself
    does, the one with the higher Jaccard similarity (two parts to one); this counts in steps of `tolerance`:
    candidates on one step are equally good, and the earliest of them wins.

    What is shorter than `max_part` of the old article must be its beginning: of the aligned words `min_beginning` must
    stand in as many words at the old one's start as the new one has. What stands later is a part of a collection; else
    a page dated early that holds ten reports would make one story of them all. (Of 2,400 copies none to one is lost.)

    A template is recognised by facts swapped for other facts: at least `template_swaps` of them, which are
    `template_swap_rate` of all aligned facts and `template_density` of all aligned words. Where headlines differ only
    by what fills their slots, or a text appeared more than two days after the other, stock sentences do not dilute the
    rate: it is that of the sentences that differ, and half of it is enough.
    """

    min_containment: float = 0.42
    min_candidate_containment: float = 0.3
    min_aligned: float = 0.65
    min_coverage: float = 0.15
    max_part: float = 0.25
    min_beginning: float = 0.4
    tolerance: float = 0.05
    template_swaps: int = 2
    template_swap_rate: float = 0.25
    template_density: float = 0.02


@dataclass(frozen=True, slots=True)
class DuplicateRules:
    """The thresholds of a copy, and how far apart in time two articles are still compared."""

    thresholds: DuplicateSettings = field(default_factory=DuplicateSettings)
    window: timedelta = timedelta(days=30)


MEASURED = DuplicateRules()
"""What holds where the configuration says nothing."""


@dataclass(frozen=True, slots=True)
class _Match:
    candidate: Candidate
    containment: float
    nearness: float
    coverage: float = 1.0  # share of the article's shingles that the candidate holds

    def rank(self, step: float) -> tuple[int, tuple[datetime, datetime, int]]:
        """The smallest wins. A total order: the best of many is the best of any two winners among them."""
        return (-int(self.nearness / step + 1e-9), self.candidate.seniority)


def decide(
    fingerprint: Fingerprint,
    candidates: Sequence[Candidate],
    *,
    address: str = "",
    published: datetime | None = None,
    settings: DuplicateSettings = DuplicateSettings(),
) -> DuplicateDecision:
    """Decide whether an article copies one of `candidates`, whatever order they come in.

    The same words are an exact copy of the earliest candidate that has them, and so is a page with the same
    `address` of its own, unless the texts show that the address is wrong. Otherwise the candidate most
    alike wins (among equals: published first, seen first, lowest id) unless its likeness is that of a template.
    """
    if same := [c for c in candidates if _is_same(fingerprint, address, c, settings)]:
        first = min(same, key=lambda candidate: candidate.seniority)
        return _decision(DuplicateKind.EXACT, _Match(first, 1.0, 1.0), " ".join(fingerprint.words[:_EVIDENCE]))
    matches = sorted(_compare(fingerprint, candidates, settings), key=lambda match: match.rank(settings.tolerance))
    best = _first_verified(fingerprint, matches[:_MAX_ALIGNED], published, settings)
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
    fingerprint: Fingerprint, candidates: Sequence[Candidate], settings: DuplicateSettings
) -> Iterator[_Match]:
    """Candidates that may be copies by their shingles."""
    if fingerprint.word_count < MIN_WORDS:
        return
    here = _shingles(fingerprint.words)
    for candidate in candidates:
        if candidate.fingerprint.word_count < MIN_WORDS:
            continue
        there = _shingles(candidate.fingerprint.words)
        shorter = min(len(here), len(there))
        # A text that repeats itself has few shingles, and holding those says nothing.
        if shorter < MIN_WORDS // 2:
            continue
        shared = len(here & there)
        if shared >= settings.min_candidate_containment * shorter and shared >= settings.min_coverage * len(here):
            jaccard = shared / (len(here) + len(there) - shared)
            yield _Match(candidate, shared / shorter, (2 * shared / len(here) + jaccard) / 3, shared / len(here))


def _shingles(words: Sequence[str]) -> Shingles:
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _first_verified(
    fingerprint: Fingerprint, matches: Sequence[_Match], published: datetime | None, settings: DuplicateSettings
) -> tuple[_Match, tuple[Run, ...]] | None:
    for match in matches:
        other = match.candidate.fingerprint
        runs = align(fingerprint.words, other.words)
        shorter = min(len(fingerprint.words), len(other.words))
        taken = sum(run.length for run in runs)
        enough = match.containment >= settings.min_containment or taken >= settings.min_aligned * shorter
        # What repeats itself is badly aligned: there the shingles tell.
        quotes = max(match.coverage, taken / len(fingerprint.words)) < _MIN_TAKEN
        if not enough or quotes or _is_part(fingerprint, other, runs, settings):
            continue
        check = check_facts(fingerprint, other, runs)
        if _is_suspect(fingerprint, match.candidate, published) and _is_filled_anew(check, settings):
            return None  # the same form, or an update: what is less alike is so too
        if not _is_template(check, settings):
            return match, runs
    return None


def _is_part(fingerprint: Fingerprint, other: Fingerprint, runs: Sequence[Run], settings: DuplicateSettings) -> bool:
    """Whether the article is a small part of the other text and not the beginning of it."""
    if len(fingerprint.words) >= settings.max_part * len(other.words):
        return False
    near = len(fingerprint.words) + _BEFORE
    inside = sum(max(0, min(run.length, near - run.right)) for run in runs)
    return inside < settings.min_beginning * sum(run.length for run in runs)


def _is_suspect(fingerprint: Fingerprint, candidate: Candidate, published: datetime | None) -> bool:
    """Whether the headlines are one form filled in twice, or the two appeared too far apart for a copy."""
    late = bool(published and candidate.published and abs(published - candidate.published) > _LATE)
    return late or differ_by_slots(fingerprint.headline, candidate.fingerprint.headline)


def _is_filled_anew(check: FactCheck, settings: DuplicateSettings) -> bool:
    return check.swapped >= settings.template_swaps and check.swap_rate_beside >= _FORM_SWAP_RATE


def _is_template(check: FactCheck, settings: DuplicateSettings) -> bool:
    return (
        check.swapped >= settings.template_swaps
        and check.swap_rate >= settings.template_swap_rate
        and check.density >= settings.template_density
    )


def _longest_passage(fingerprint: Fingerprint, runs: Sequence[Run]) -> str:
    longest = max(runs, key=lambda run: run.length, default=Run(0, 0, 0))
    return " ".join(fingerprint.words[longest.left : longest.left + longest.length])
