"""A topic tried on an archive before it is used: what it would find, what it would lose, and by which words.

Everything is asked of one `TopicSet`: the topic, the version it is compared with, and every term of it as a
topic of its own, so that an article is read once. An archive passes through in a stream: what is kept of it
are counts and a few headlines.
"""

from __future__ import annotations

import heapq
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from worker.text.bands import Band
from worker.topics.article import TopicArticle
from worker.topics.fewer_terms import without_terms
from worker.topics.matching import TopicSet
from worker.topics.queries.tree import Node, Not, Scope, Term, TopicQuery, children, leaves
from worker.topics.signal import LanguageQuery
from worker.topics.thresholds import Thresholds
from worker.topics.topic import Topic

SAMPLES = 8
"""Headlines shown of each kind."""

_LEAST = 1e-9  # below every score that is told apart from no match
_VARIANTS = 300  # topics without a term that are kept compiled: about 0.2 MB each for the built-in one


@dataclass(frozen=True, slots=True)
class Headline:
    """An article as it is shown. `score` is what the topic gives it now, `before` what the version it is
    compared with gives it, None where there is none or its query does not hold."""

    article_id: int
    day: date
    title: str
    score: float | None
    before: float | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayHits:
    """Hits among one day's articles; `before` are those of the version it is compared with."""

    day: date
    articles: int
    hits: int
    before: int


@dataclass(frozen=True, slots=True)
class TermHits:
    """A term as written, and the query or signal (`part`) that has it: articles in which it occurs, hits among
    them, hits that would be none if it never matched (`alone`), and articles that would then be hits (`averted`).
    """

    term: str
    part: str
    articles: int
    hits: int
    alone: int
    averted: int


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """`near_misses` score highest among those that are no hits; the samples are the surest of their kind."""

    articles: int
    hits: int
    days: tuple[DayHits, ...]
    compared: bool
    gained: int
    lost: int
    gained_sample: tuple[Headline, ...]
    lost_sample: tuple[Headline, ...]
    hit_sample: tuple[Headline, ...]
    near_misses: tuple[Headline, ...]
    terms: tuple[TermHits, ...]

    @property
    def silent_terms(self) -> tuple[TermHits, ...]:
        """The terms that occur in no article."""
        return tuple(term for term in self.terms if not term.articles)


class Backtest:
    """Takes articles one by one with `add`; `result` may be asked at any time.

    `band` is the weakest that counts as a hit. `before` is the version compared with, if any.
    """

    def __init__(self, topic: Topic, before: Topic | None = None, *, band: Band = Band.BALANCED) -> None:
        self._topic = topic
        self._least = topic.thresholds.least(band)
        self._least_before = before.thresholds.least(band) if before else 0.0
        self._compared = before is not None
        self._terms = _terms(topic)
        self._opposing = _opposing_terms(topic)
        tried = [replace(open_to_all(topic), name="now")]
        if before is not None:
            tried.append(replace(open_to_all(before), name="before"))
        self._set = TopicSet((*tried, *(_term_topic(number, each) for number, (_, each) in enumerate(self._terms))))
        self._without = _Variants(topic, self._least)
        self._days: dict[date, list[int]] = {}
        self._found = _Found()

    def add(self, article_id: int, day: date, article: TopicArticle) -> None:
        """Read one article of that day; its id only stands in the headlines."""
        matches = {match.topic: match for match in self._set.match(article)}
        now, before = matches.pop("now", None), matches.pop("before", None)
        hit = now is not None and now.score >= self._least
        was = before is not None and before.score >= self._least_before
        counts = self._days.setdefault(day, [0, 0, 0])
        for place, counted in enumerate((True, hit, was)):
            counts[place] += counted
        headline = Headline(
            article_id, day, article.title or article.text[:80],
            now.score if now else None, before.score if before else None, now.reasons[:3] if now else (),
        )  # fmt: skip
        self._found.note(headline, hit=hit, was=was, compared=self._compared)
        self._count_terms([int(name) for name in matches], article, hit=hit, considered=now is not None)

    def result(self) -> BacktestResult:
        """Return what has been found so far."""
        days = tuple(DayHits(day, *counts) for day, counts in sorted(self._days.items()))
        found = self._found
        return BacktestResult(
            articles=sum(day.articles for day in days), hits=sum(day.hits for day in days), days=days,
            compared=self._compared, gained=found.gained.count, lost=found.lost.count,
            gained_sample=found.gained.best(), lost_sample=found.lost.best(), hit_sample=found.hits.best(),
            near_misses=found.near.best(),
            terms=tuple(
                TermHits(_written(term), part, *(counter[number] for counter in found.terms))
                for number, (part, term) in enumerate(self._terms)
            ),
        )  # fmt: skip

    def _count_terms(self, numbers: Iterable[int], article: TopicArticle, *, hit: bool, considered: bool) -> None:
        occurring, in_hits, alone, averted = self._found.terms
        for number in numbers:
            term = self._terms[number][1]
            occurring[number] += 1
            if hit:
                in_hits[number] += 1
                alone[number] += not self._without.matches(term, article)
            elif term in self._opposing[considered]:
                averted[number] += self._without.matches(term, article)


class _Sample:
    """The best headlines of a kind, and how many there were."""

    def __init__(self) -> None:
        self.count = 0
        self._heap: list[tuple[float, int, Headline]] = []

    def add(self, rank: float, headline: Headline) -> None:
        self.count += 1
        heapq.heappush(self._heap, (rank, -self.count, headline))
        if len(self._heap) > SAMPLES:
            heapq.heappop(self._heap)

    def best(self) -> tuple[Headline, ...]:
        return tuple(headline for _, _, headline in sorted(self._heap, key=lambda each: each[:2], reverse=True))


@dataclass(slots=True)
class _Found:
    """`terms` count by a term's number what `TermHits` says of it."""

    hits: _Sample = field(default_factory=_Sample)
    near: _Sample = field(default_factory=_Sample)
    gained: _Sample = field(default_factory=_Sample)
    lost: _Sample = field(default_factory=_Sample)
    terms: tuple[Counter[int], Counter[int], Counter[int], Counter[int]] = field(
        default_factory=lambda: (Counter(), Counter(), Counter(), Counter())
    )

    def note(self, headline: Headline, *, hit: bool, was: bool, compared: bool) -> None:
        score, before = headline.score or 0.0, headline.before or 0.0
        if hit:
            self.hits.add(score, headline)
        elif headline.score is not None:
            self.near.add(score, headline)
        if compared and hit and not was:
            self.gained.add(score, headline)
        if compared and was and not hit:
            self.lost.add(before, headline)


class _Variants:
    """The topic with one of its terms matching nothing, compiled when first asked for."""

    def __init__(self, topic: Topic, least: float) -> None:
        self._topic = open_to_all(topic)
        self._least = least
        self._compiled: OrderedDict[Term, TopicSet] = OrderedDict()

    def matches(self, term: Term, article: TopicArticle) -> bool:
        """Whether the article would be a hit without that term."""
        compiled = self._compiled.pop(term, None) or TopicSet((without_terms(self._topic, {term}),))
        self._compiled[term] = compiled
        if len(self._compiled) > _VARIANTS:
            self._compiled.popitem(last=False)
        found = compiled.match(article)
        return bool(found) and found[0].score >= self._least


def open_to_all(topic: Topic) -> Topic:
    """Return the topic with its wide threshold so low that every article its query holds of is a match."""
    return replace(topic, thresholds=_lowest(topic.thresholds))


def _terms(topic: Topic) -> list[tuple[str, Term]]:
    """Each distinct term with the part that has it first: the query, then the signals in their order."""
    parts = [("query", topic.queries), *((signal.name, signal.queries) for signal in topic.signals)]
    found: dict[Term, str] = {}
    for part, queries in parts:
        for leaf in (leaf for each in queries for leaf in leaves(each.query.root)):
            if isinstance(leaf, Term):
                found.setdefault(leaf, part)
    return [(part, term) for term, part in found.items()]


def _opposing_terms(topic: Topic) -> tuple[frozenset[Term], frozenset[Term]]:
    """The terms that can keep an article out: those under a NOT in the topic's own query, which decide on what
    is considered at all, and these together with those of the signals against the topic."""
    parts = [(signal.weight < 0, each) for signal in topic.signals for each in signal.queries]
    gate = frozenset(term for each in topic.queries for term in _opposing(each.query.root, against=False))
    return gate, gate.union(term for against, each in parts for term in _opposing(each.query.root, against))


def _opposing(node: Node, against: bool) -> Iterator[Term]:
    if isinstance(node, Term):
        if against:
            yield node
        return
    for child in children(node):
        yield from _opposing(child, against != isinstance(node, Not))


def _written(term: Term) -> str:
    """The term with its field, which may stand before a whole group of them in the query."""
    return term.source if term.scope is Scope.ANYWHERE or ":" in term.source else f"{term.scope}:{term.source}"


def _term_topic(number: int, term: Term) -> Topic:
    return Topic(
        str(number), (LanguageQuery(None, TopicQuery(term.source, term)),), bias=0.0, thresholds=_lowest(Thresholds())
    )


def _lowest(thresholds: Thresholds) -> Thresholds:
    return replace(thresholds, wide=_LEAST)
