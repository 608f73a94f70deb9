"""An article as the weighted terms that decide its story."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import log, sqrt

from worker.stories.byline import strip_byline
from worker.stories.counts import find_counts, is_number_word, join_decimals
from worker.stories.dateline import find_dateline, find_days, find_weekdays
from worker.stories.facts import find_facts
from worker.stories.headline import headline_of
from worker.stories.lexicon import as_terms
from worker.stories.names import find_names, find_rows
from worker.stories.news_terms import distinction
from worker.stories.profile import Profile, profile
from worker.stories.rarity import has_list, rarity
from worker.stories.round_ups import is_round_up
from worker.stories.sources import strip_sources
from worker.stories.terms import strip_addresses, words_of
from worker.stories.vector_tags import Tags, is_tag, write_tags
from worker.text.appeals import strip_appeals
from worker.text.languages import base_language

_MAX_CHARACTERS = 20_000
_MAX_WORDS = 600  # the news stands at the beginning
_MAX_LEAD_WORDS = 60
_MAX_COUNTS = 16
_SERIALS = itertools.count()
_SHORT = 3  # letters: articles and prepositions
_TITLE_WEIGHT = 2
# A report tells its event first and its background later: what the title says or the text begins with weighs thrice
# as much as what comes last, halfway between at word 60. Background is what reports of one topic share (measured on
# four sets: true pairs part further from the nearest others; 50 to 100 words and 1.5 to 3 do about equally well).
_OPENING_WEIGHT = 2
_OPENING_WORDS = 60
_NUMBER_WEIGHT = 0.5  # of two reports of one event, each counts its own numbers
_MAX_TERMS = 150
_KEYS = 12
_MAX_NAMING_WORDS = 400


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """The part of an article that decides its story. `published` is when it is taken to have appeared."""

    title: str
    text: str
    language: str | None
    published: datetime


@dataclass(frozen=True)
class StoryFeatures:
    """An article as a unit vector of weighted terms, frozen when it is first analysed.

    `keys` are its weightiest terms: two articles that share none of them are not compared.
    """

    vector: Mapping[str, float]
    keys: tuple[str, ...]
    language: str | None
    published: datetime

    @cached_property
    def serial(self) -> int:
        """A number that no other features of this process have: by it what was computed of a pair is remembered."""
        return next(_SERIALS)

    @cached_property
    def profile(self) -> Profile:
        """The vector taken apart, once, for comparing it with many others."""
        return profile(self.vector)


def features(article: StoryArticle) -> StoryFeatures:
    """Features of an article; the same text always gives the same ones, whatever came before.

    TF-IDF over word beginnings with rarities from static word lists: comparable between English and
    Spanish, and known from the first article on; what is said first weighs most. An empty text has no terms
    and joins no story.
    """
    language = base_language(article.language)
    told = strip_appeals(strip_byline(article.text[:_MAX_CHARACTERS]))
    text = " ".join(strip_sources(strip_addresses(told)).split()[:_MAX_WORDS])
    title = headline_of(article.title, article.text)[:_MAX_CHARACTERS]
    rows = find_rows(f"{title} . {text}", language)
    weights = _weigh(_terms(title, language), _terms(text, language), language, rows)
    heaviest = dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_MAX_TERMS])
    length = sqrt(sum(weight * weight for weight in heaviest.values())) or 1.0
    vector = {term: round(weight / length, 5) for term, weight in heaviest.items()}
    keys = keys_of(vector)
    if vector:
        vector |= _tag(title, text, language)
    return StoryFeatures(vector, keys, article.language, article.published)


def keys_of(vector: Mapping[str, float]) -> tuple[str, ...]:
    """Return the weightiest terms of an article's vector, numbers and tags left out."""
    terms = (term for term in vector if not term.isdigit() and not is_tag(term))
    return tuple(sorted(terms, key=lambda term: (-vector[term], term))[:_KEYS])


def _tag(title: str, text: str, language: str) -> dict[str, float]:
    words = text.split()
    naming, lead = " ".join(words[:_MAX_NAMING_WORDS]), " ".join(words[:_MAX_LEAD_WORDS])
    opening = join_decimals(f"{title} . {lead}")
    tags = Tags(
        names=find_names(title, lead, naming, language),
        headline_names=find_names(title, "", naming, language),
        headline=_least({term for term in _terms(title, language) if len(term) > _SHORT}, _MAX_COUNTS),
        counts=_least(find_counts(opening), _MAX_COUNTS),
        headline_counts=_least(find_counts(title), _MAX_COUNTS),
        day=find_dateline(text),
        named_days=find_days(f"{title} . {text}"),
        weekdays=frozenset(find_weekdays(opening)),
        length=len(words),
        round_up=is_round_up(title, text),
    )
    return write_tags(tags, find_facts(opening))


def _least(terms: set[str], most: int) -> frozenset[str]:
    """So many of them: the shortest ones, which are not phone numbers."""
    return frozenset(sorted(terms, key=lambda term: (len(term), term))[:most])


def _terms(text: str, language: str) -> list[str]:
    return list(as_terms(words_of(text), language))


def _weigh(title: Sequence[str], text: Sequence[str], language: str, rows: Mapping[str, int]) -> dict[str, float]:
    # Without a list even articles and prepositions seem rare: then the text's own repetitions stand in. A title's do
    # not: it counts more than once for being one.
    repeated = Counter() if has_list(language) else Counter(text)
    counts = Counter(text)
    for term in title:
        counts[term] += _TITLE_WEIGHT
    places = {term: place for place, term in reversed(list(enumerate(text)))} | dict.fromkeys(title, 0)
    weights = {}
    for term, count in counts.items():
        opening = 1 + _OPENING_WEIGHT / (1 + (places[term] / _OPENING_WORDS) ** 2)
        share = max(0, repeated[term] - 1) / (len(text) or 1)
        weight = (1 + log(count)) * rarity(term, language, share=share) * distinction(term) * opening
        if term.isdigit() or is_number_word(term):
            weight *= _NUMBER_WEIGHT
        elif count == 1 and term in rows:
            weight /= sqrt(rows[term])  # in a cosine, what stands in a row then counts as one name
        weights[term] = weight
    return weights
