"""A plan evaluated on one article: which steps hold, in which passages, and at which words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from worker.text.languages import primary_subtag
from worker.topics.article_index import ArticleIndex
from worker.topics.plan import BoostStep, JoinStep, NotStep, Plan, TermStep
from worker.topics.queries.tree import Attribute, Property, Word
from worker.topics.scoring import Presence, Showing, showing
from worker.topics.tokens import tokenise
from worker.topics.word_features import WordFeatures, word_features

MAX_OCCURRENCES = 500
"""Places at which one word of a query is looked at; an article that repeats it more is not more about it."""

Occurrence = tuple[int, int]
"""First and last position of the words that matched a term."""


_ABSENT = Presence(0, mentions=0)


@dataclass(slots=True)
class QueryEvaluation:
    """What a plan's steps come to in one article; remembered, so a part that many queries share is evaluated once."""

    plan: Plan
    index: ArticleIndex
    hits: dict[int, list[int]]
    _presence: dict[int, Presence] = field(default_factory=dict)
    _holds: dict[int, bool] = field(default_factory=dict)
    _occurrences: dict[int, Sequence[Occurrence]] = field(default_factory=dict)
    _showings: dict[tuple[int, ...], Showing | None] = field(default_factory=dict)
    _words: WordFeatures | None = None

    @property
    def words(self) -> WordFeatures:
        """The article's words as a learned model sees them."""
        if self._words is None:
            self._words = word_features(self.index)
        return self._words

    def showing(self, steps: tuple[int, ...]) -> Showing | None:
        """Where and how strongly any of the steps shows; None where none does."""
        if steps not in self._showings:
            together = self._anywhere(steps)
            self._showings[steps] = showing(together, self.index) if together.passages else None
        return self._showings[steps]

    def holds(self, number: int) -> bool:
        """Whether the step holds of the article as a whole, as a search engine would decide it."""
        known = self._holds.get(number)
        if known is None:
            known = self._holds[number] = self._decide(number)
        return known

    def presence(self, number: int) -> Presence:
        """The passages in which the step holds, each passage taken for itself."""
        known = self._presence.get(number)
        if known is None:
            known = self._presence[number] = self._locate(number)
        return known

    def occurrences(self, number: int) -> Sequence[Occurrence]:
        """Where the term of that step matches."""
        known = self._occurrences.get(number)
        if known is None:
            step = self.plan.steps[number]
            known = self._find(step) if isinstance(step, TermStep) else ()
            self._occurrences[number] = known
        return known

    def candidates(self, step: JoinStep) -> Iterable[int]:
        """The steps below an OR that can hold: its terms only where the article has their longest word."""
        if step.every:
            return step.steps
        found = [number for pattern in step.terms.keys() & self.hits.keys() for number in step.terms[pattern]]
        return [*found, *step.others]

    def _decide(self, number: int) -> bool:
        match self.plan.steps[number]:
            case TermStep():
                return bool(self.occurrences(number))
            case Attribute() as attribute:
                return self._has(attribute)
            case JoinStep(True, steps):
                return all(self.holds(child) for child in steps)
            case JoinStep() as step:
                return any(self.holds(child) for child in self.candidates(step))
            case NotStep(child):
                return not self.holds(child)
            case BoostStep(child):
                return self.holds(child)

    def _locate(self, number: int) -> Presence:
        match self.plan.steps[number]:
            case TermStep():
                return self._spread(self.occurrences(number))
            case Attribute() as attribute:
                return Presence(self.index.passages, mentions=MAX_OCCURRENCES) if self._has(attribute) else _ABSENT
            case JoinStep(True, steps):
                return self._everywhere(steps)
            case JoinStep() as step:
                return self._anywhere(self.candidates(step))
            case NotStep(child):
                return Presence(self.index.passages & ~self.presence(child).passages, mentions=MAX_OCCURRENCES)
            case BoostStep(child, factor):
                inner = self.presence(child)
                return Presence(inner.passages, inner.boost * factor, inner.mentions, inner.places)

    def _everywhere(self, steps: Iterable[int]) -> Presence:
        passages, boost, mentions = self.index.passages, 1.0, MAX_OCCURRENCES
        for child in steps:
            presence = self.presence(child)
            passages &= presence.passages
            if not passages:
                return _ABSENT
            boost *= presence.boost
            mentions = min(mentions, presence.mentions)
        return Presence(passages, boost, mentions)

    def _anywhere(self, steps: Iterable[int]) -> Presence:
        found = [presence for child in steps if (presence := self.presence(child)).passages]
        if not found:
            return _ABSENT
        if len(found) == 1:
            return found[0]
        passages = 0
        for presence in found:
            passages |= presence.passages
        places = frozenset().union(*(presence.places for presence in found))
        whole = sum(presence.mentions for presence in found if not presence.places)
        mentions = min(MAX_OCCURRENCES, whole + self._mentions(places))
        return Presence(passages, max(presence.boost for presence in found), mentions, places)

    def _spread(self, occurrences: Sequence[Occurrence]) -> Presence:
        if not occurrences:
            return _ABSENT
        places = frozenset(place for first, last in occurrences for place in range(first, last + 1))
        return Presence(
            self.index.passages_of(first for first, _ in occurrences), mentions=self._mentions(places), places=places
        )

    def _mentions(self, places: frozenset[int]) -> int:
        """Runs of words: `San Ysidro port of entry` is one mention, however many terms it holds. In the title, two."""
        return sum(1 + (place < self.index.body_start) for place in places if place - 1 not in places)

    def _has(self, attribute: Attribute) -> bool:
        article = self.index.article
        if attribute.property is Property.LANGUAGE:
            return primary_subtag(article.language) == attribute.words[0].text
        name, sought = tokenise(article.outlet).words, attribute.words
        return any(
            all(_same(word, name[start + place]) for place, word in enumerate(sought))
            for start in range(len(name) - len(sought) + 1)
        )

    def _find(self, step: TermStep) -> Sequence[Occurrence]:
        lists = [self.hits.get(pattern) for pattern in step.patterns]
        found = [positions for positions in lists if positions]
        if len(found) < len(lists):
            return ()
        term = step.term
        if len(found) == 1:
            occurrences: Iterable[Occurrence] = ((place, place) for place in found[0])
        elif term.slop is None:
            occurrences = _in_order(found)
        else:
            occurrences = _near(found, term.slop)
        inside = [each for each in occurrences if self.index.within(term.scope, each[0])]
        return self._not_within(inside, step.unless) if step.unless and inside else inside

    def _not_within(self, occurrences: Sequence[Occurrence], unless: Sequence[int]) -> Sequence[Occurrence]:
        """The occurrences that share no word with one of the terms `unless`."""
        void = {
            place for number in unless for first, last in self.occurrences(number) for place in range(first, last + 1)
        }
        return [(first, last) for first, last in occurrences if void.isdisjoint(range(first, last + 1))]


def evaluate(plan: Plan, index: ArticleIndex) -> QueryEvaluation:
    """Look the article's words up in the plan's tables."""
    found: dict[int, list[list[int]]] = {}
    for word, places in index.positions.items():
        for pattern in _patterns(plan, word):
            found.setdefault(pattern, []).append(places)
    return QueryEvaluation(plan, index, {pattern: _merged(lists) for pattern, lists in found.items()})


def _patterns(plan: Plan, word: str) -> list[int]:
    patterns = [plan.words[word]] if word in plan.words else []
    for length in plan.prefix_lengths:
        if length > len(word):
            break
        prefix = plan.prefixes.get(word[:length])
        if prefix is not None:
            patterns.append(prefix)
    return patterns


def _merged(lists: list[list[int]]) -> list[int]:
    positions = lists[0] if len(lists) == 1 else sorted(chain.from_iterable(lists))
    return positions[:MAX_OCCURRENCES]


def _same(word: Word, other: str) -> bool:
    return other.startswith(word.text) if word.prefix else other == word.text


def _in_order(places: Sequence[Sequence[int]]) -> list[Occurrence]:
    """Where the words follow each other without a gap."""
    rest = [frozenset(positions) for positions in places[1:]]
    return [
        (first, first + len(rest))
        for first in places[0]
        if all(first + number in positions for number, positions in enumerate(rest, 1))
    ]


def _near(places: Sequence[Sequence[int]], slop: int) -> list[Occurrence]:
    """Where the words stand, in any order, with at most `slop` others between the first and the last.

    Each position serves one word: the one whose last position lies furthest back, so that a word sought
    twice needs two places.
    """
    seekers: dict[int, list[int]] = {}
    for number, positions in enumerate(places):
        for position in positions:
            seekers.setdefault(position, []).append(number)
    latest = [-1] * len(places)
    found: list[Occurrence] = []
    for position in sorted(seekers):
        latest[min(seekers[position], key=latest.__getitem__)] = position
        first = min(latest)
        if first >= 0 and position - first + 1 - len(places) <= slop:
            found.append((first, position))
    return found
