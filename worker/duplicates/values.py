"""What is compared, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class DuplicateKind(StrEnum):
    UNIQUE = "unique"
    EXACT = "exact"  # the same words in the same order
    NEAR = "near"  # an excerpt, a light rewrite, a corrected version


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a text to find its copies.

    `text_hash` (hex) stands for the normalised words; `samples` are the sampled shingle hashes that
    are indexed (signed 64-bit, so that both databases can store them); `words` are the normalised
    words themselves, needed to verify a candidate and never stored: they come back from the text.
    """

    text_hash: str
    word_count: int
    samples: tuple[int, ...]
    words: tuple[str, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article that may be the original. `article_id` names the original of its group."""

    article_id: int
    fingerprint: Fingerprint
    published: datetime | None
    seen: datetime


@dataclass(frozen=True, slots=True)
class DuplicateDecision:
    """`similarity` is 0-1 (1.0 for exact); `evidence` is the longest shared passage, in words."""

    kind: DuplicateKind
    duplicate_of: int | None = None
    similarity: float | None = None
    evidence: str = ""
