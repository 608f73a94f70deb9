"""How articles of one story stand to each other: which has most of it, and what each adds to what was known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from worker.stories.counts import find_counts
from worker.stories.rarity import rarity
from worker.stories.similarity import cosine
from worker.stories.terms import STEM, strip_addresses, words_of
from worker.text.languages import base_language

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+|\n+")
_MAX_SENTENCES = 400
_MAX_CHARACTERS = 60_000
_MIN_NEW = 0.4  # share of a sentence's weight that was not said before
_LEAD = 600  # characters
_MIN_WORDS = 6  # shorter ones are headings and exclamations


@dataclass(frozen=True, slots=True)
class SaidBy:
    """What an article of a story says."""

    article_id: int
    text: str
    language: str | None
    title: str = ""

    @property
    def lead(self) -> str:
        """What stands first in it."""
        return self.text[:_LEAD]


def measure_centrality(vectors: Mapping[int, Mapping[str, float]]) -> dict[int, float]:
    """How alike each of a story's articles is to all of them: 1.0 for the only one, at least 1 / their number."""
    total: Counter[str] = Counter()
    for vector in vectors.values():
        total.update(vector)
    return {number: round(cosine(vector, total) / len(vectors), 6) for number, vector in vectors.items()}


def find_additions(reports: Iterable[SaidBy], *, quoted: int = 1) -> dict[int, tuple[str, ...]]:
    """By id: what reports say that none before them did, taken in the order given; those that add nothing are not in.

    A sentence is new when 40 % of the weight of its terms occurs in none of them: so another wording of known facts
    is not. The first `quoted` of them are given. A report is compared with those before it in its own language. The
    first one adds something, and so do one without a sentence long enough to judge by and one whose headline and lead
    have a number that no headline and no lead had: of those nothing is quoted. Of a long story the work grows with its
    length, not its square.
    """
    known: dict[str, set[str]] = {}
    counted: set[str] = set()
    additions: dict[int, tuple[str, ...]] = {}
    for report in reports:
        spoken = base_language(report.language)
        said = [part for part in _sentences(report.text) if len(_terms(part)) >= _MIN_WORDS]
        before = known.setdefault(spoken, set())
        if not before or not said:
            additions[report.article_id] = ()
        else:
            new = tuple(islice((part for part in said if _new_share(part, before, spoken) >= _MIN_NEW), quoted))
            if new or (find_counts(report.title) & find_counts(report.lead)) - counted:
                additions[report.article_id] = new
        counted |= find_counts(f"{report.title}\n{report.lead}")
        before.update(_terms(report.text[:_MAX_CHARACTERS]))
    return additions


def _sentences(text: str) -> list[str]:
    parts = _SENTENCE_END.split(text[:_MAX_CHARACTERS])[:_MAX_SENTENCES]
    return [part.strip() for part in parts if part.strip()]


def _new_share(sentence: str, known: set[str], language: str) -> float:
    weights = {term: rarity(term, language) for term in set(_terms(sentence))}
    return sum(weight for term, weight in weights.items() if term not in known) / sum(weights.values())


def _terms(text: str) -> list[str]:
    return [word[:STEM] for word in words_of(strip_addresses(text))]
