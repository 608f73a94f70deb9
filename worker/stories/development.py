"""A story over time: the headline that stands for it, and what an article adds to what was known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.stories.rarity import base_language, rarity
from worker.stories.similarity import cosine
from worker.stories.terms import STEM, strip_addresses, words_of

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+|\n+")
_MAX_SENTENCES = 400
_MAX_CHARACTERS = 60_000
_MIN_NEW = 0.4  # share of a sentence's weight that was not said before
_MIN_WORDS = 6  # shorter ones are headings and exclamations


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article of a story, as far as its headline goes."""

    article_id: int
    title: str
    language: str | None
    published: datetime
    vector: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class StoryReport:
    """An article of a story, as far as what it says goes."""

    article_id: int
    text: str
    language: str | None


def choose_headline(members: Sequence[StoryMember], *, language: str | None = None) -> int:
    """Id of the article whose title stands for the story.

    The most central one, in `language` where the story has one; titled ones first; ties go to the earliest,
    then the lowest id. Raises ValueError for a story without members.
    """
    if not members:
        raise ValueError("a story without members has no headline")
    titled = [member for member in members if member.title.strip()] or list(members)
    wanted = base_language(language)
    spoken = [member for member in titled if wanted and base_language(member.language) == wanted] or titled
    central = measure_centrality({member.article_id: member.vector for member in members})
    best = min(spoken, key=lambda m: (-central[m.article_id], m.published, m.article_id))
    return best.article_id


def measure_centrality(vectors: Mapping[int, Mapping[str, float]]) -> dict[int, float]:
    """How alike each of a story's articles is to all of them: 1.0 for the only one, at least 1 / their number."""
    total: Counter[str] = Counter()
    for vector in vectors.values():
        total.update(vector)
    return {number: round(cosine(vector, total) / len(vectors), 6) for number, vector in vectors.items()}


def find_additions(reports: Iterable[StoryReport]) -> frozenset[int]:
    """Ids of the reports that say something none before them did, taken in the order given.

    A report is compared with those before it in its own language. The first one adds something, and so does one
    without a sentence long enough to judge by. Of a long story the work grows with its length, not its square.
    """
    known: dict[str, set[str]] = {}
    additions = set()
    for report in reports:
        spoken = base_language(report.language)
        said = [part for part in _sentences(report.text) if len(_terms(part)) >= _MIN_WORDS]
        before = known.setdefault(spoken, set())
        if not before or not said or any(_new_share(part, before, spoken) >= _MIN_NEW for part in said):
            additions.add(report.article_id)
        before.update(_terms(report.text[:_MAX_CHARACTERS]))
    return frozenset(additions)


def find_new_sentences(
    text: str, earlier: Sequence[str], *, language: str | None = None, min_new: float = _MIN_NEW
) -> tuple[str, ...]:
    """Sentences of `text` that say something no text of `earlier` does.

    A sentence is new when `min_new` (0-1) of the weight of its terms occurs in none of them; so another
    wording of known facts is not. Texts in another language than `earlier` should not be compared.
    """
    known = {term for other in earlier for term in _terms(other[:_MAX_CHARACTERS])}
    spoken = base_language(language)
    return tuple(s for s in _sentences(text) if _new_share(s, known, spoken) >= min_new)


def _sentences(text: str) -> list[str]:
    parts = _SENTENCE_END.split(text[:_MAX_CHARACTERS])[:_MAX_SENTENCES]
    return [part.strip() for part in parts if part.strip()]


def _new_share(sentence: str, known: set[str], language: str) -> float:
    terms = _terms(sentence)
    if len(terms) < _MIN_WORDS:
        return 0.0
    weights = {term: rarity(term, language) for term in set(terms)}
    return sum(weight for term, weight in weights.items() if term not in known) / sum(weights.values())


def _terms(text: str) -> list[str]:
    return [word[:STEM] for word in words_of(strip_addresses(text))]
