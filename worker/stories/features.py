"""An article as the weighted terms that decide its story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import log, sqrt

from worker.stories.dateline import as_term, find_dateline
from worker.stories.lexicon import translate
from worker.stories.rarity import base_language, has_list, rarity
from worker.stories.terms import STEM, strip_addresses, words_of

_MAX_CHARACTERS = 20_000
_MAX_WORDS = 400  # the news stands at the beginning
_MAX_LEAD_WORDS = 60
_TITLE_WEIGHT = 3
_LEAD_WEIGHT = 2
_NUMBER_WEIGHT = 0.5  # of two reports of one event, each counts its own numbers
_MAX_TERMS = 150
_KEYS = 12
_DAY_WEIGHT = 0.01  # present for the guard in assignment, too light to bear on a score
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """The part of an article that decides its story. `published` is when it is taken to have appeared."""

    title: str
    text: str
    language: str | None
    published: datetime


@dataclass(frozen=True, slots=True)
class StoryFeatures:
    """An article as a unit vector of weighted terms, frozen when it is first analysed.

    `keys` are its weightiest terms: two articles that share none of them are not compared.
    """

    vector: Mapping[str, float]
    keys: tuple[str, ...]
    language: str | None
    published: datetime


def features(article: StoryArticle) -> StoryFeatures:
    """Features of an article; the same text always gives the same ones, whatever came before.

    TF-IDF over word beginnings with rarities from static word lists: comparable between English and
    Spanish, and known from the first article on. An empty text has no terms and joins no story.
    """
    language = base_language(article.language)
    weights = _weigh(_count_terms(article, language), language)
    heaviest = dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_MAX_TERMS])
    length = sqrt(sum(weight * weight for weight in heaviest.values())) or 1.0
    vector = {term: round(weight / length, 5) for term, weight in heaviest.items()}
    keys = tuple(term for term in vector if not term.isdigit())[:_KEYS]
    if vector and (day := find_dateline(article.text)):
        vector[as_term(day)] = _DAY_WEIGHT
    return StoryFeatures(vector, keys, article.language, article.published)


def _count_terms(article: StoryArticle, language: str) -> Counter[str]:
    text = " ".join(strip_addresses(article.text[:_MAX_CHARACTERS]).split()[:_MAX_WORDS])
    lead = " ".join(_SENTENCE_END.split(text, maxsplit=1)[0].split()[:_MAX_LEAD_WORDS])
    counts: Counter[str] = Counter(_terms(text, language))
    for part, weight in [(article.title[:_MAX_CHARACTERS], _TITLE_WEIGHT), (lead, _LEAD_WEIGHT - 1)]:
        for term in _terms(part, language):
            counts[term] += weight
    return counts


def _terms(text: str, language: str) -> Iterator[str]:
    for word in words_of(text):
        yield (translate(word) if language == "es" else None) or word[:STEM]


def _weigh(counts: Counter[str], language: str) -> dict[str, float]:
    # Without a list even articles and prepositions seem rare: then the text's own repetitions stand in.
    words = 0 if has_list(language) else counts.total()
    weights = {}
    for term, count in counts.items():
        weight = (1 + log(count)) * rarity(term, language, share=(count - 1) / words if words else 0.0)
        weights[term] = weight * _NUMBER_WEIGHT if term.isdigit() else weight
    return weights
