"""A story over time: the headline that stands for it, and what an article adds to what was known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.stories.rarity import base_language, rarity
from worker.stories.terms import STEM, strip_addresses, words_of

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+|\n+")
_MAX_SENTENCES = 400
_MAX_CHARACTERS = 60_000
_MIN_WORDS = 6  # shorter ones are headings and exclamations


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article of a story, as far as its headline goes."""

    article_id: int
    title: str
    language: str | None
    published: datetime
    vector: Mapping[str, float]


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
    total: Counter[str] = Counter()
    for member in members:
        total.update(member.vector)
    best = min(spoken, key=lambda m: (-round(_dot(m.vector, total), 6), m.published, m.article_id))
    return best.article_id


def find_new_sentences(
    text: str, earlier: Sequence[str], *, language: str | None = None, min_new: float = 0.4
) -> tuple[str, ...]:
    """Sentences of `text` that say something no text of `earlier` does.

    A sentence is new when `min_new` (0-1) of the weight of its terms occurs in none of them; so another
    wording of known facts is not. Texts in another language than `earlier` should not be compared.
    """
    known = {term for other in earlier for term in _terms(other[:_MAX_CHARACTERS])}
    spoken = base_language(language)
    sentences = (part.strip() for part in _SENTENCE_END.split(text[:_MAX_CHARACTERS])[:_MAX_SENTENCES])
    return tuple(s for s in sentences if s and _new_share(s, known, spoken) >= min_new)


def _new_share(sentence: str, known: set[str], language: str) -> float:
    terms = _terms(sentence)
    if len(terms) < _MIN_WORDS:
        return 0.0
    weights = {term: rarity(term, language) for term in set(terms)}
    return sum(weight for term, weight in weights.items() if term not in known) / sum(weights.values())


def _terms(text: str) -> list[str]:
    return [word[:STEM] for word in words_of(strip_addresses(text))]


def _dot(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    return sum(weight * right[term] for term, weight in left.items())
