"""Does an article belong to a topic, how surely, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from worker.text.languages import primary_subtag
from worker.topics.article import TopicArticle
from worker.topics.article_index import ArticleIndex, index_article
from worker.topics.evaluation import QueryEvaluation, evaluate
from worker.topics.evidence import Evidence, Witness, witness_evidence, word_evidence
from worker.topics.kinds import kinds_of
from worker.topics.plan import Plan
from worker.topics.scoring import probability
from worker.topics.signal import LanguageQuery
from worker.topics.topic import QUERY, Topic
from worker.topics.topic_match import RoleReading, TopicMatch, TopicReading

Witnesses: TypeAlias = Mapping[str, Mapping[str, float]]
"""What others than a topic's own words say of an article: a number for each topic and each witness by name. A model
that was trained with a witness (`LabelledArticle.witnesses`) has a weight for it; 0, or no number, is no opinion."""

NO_WITNESSES: Witnesses = {}


@dataclass(frozen=True, slots=True)
class _Part:
    """A signal, or the topic's own query, compiled: its steps for articles of each language, and for any other."""

    name: str
    steps: dict[str | None, tuple[int, ...]]
    against: bool = False


@dataclass(frozen=True, slots=True)
class _CompiledTopic:
    topic: Topic
    gate: _Part
    signals: tuple[_Part, ...]
    roles: tuple[tuple[_Part, _Part], ...]
    _scales: dict[tuple[str, ...], tuple[float, dict[str, float]]] = field(default_factory=dict)

    def language_of(self, article: TopicArticle) -> str | None:
        """The article's language where the topic has queries of its own for it, else None: try all."""
        primary = primary_subtag(article.language)
        return primary if primary in self.topic.languages else None

    def scale(self, index: ArticleIndex) -> tuple[float, dict[str, float]]:
        """Bias and weights for such an article."""
        kinds = kinds_of(index)
        known = self._scales.get(kinds)
        if known is None:
            known = self._scales[kinds] = self.topic.scale(kinds)
        return known


class TopicSet:
    """Topics compiled together, so that an article is read once for all of them. Immutable; costs
    milliseconds to make, so make it when the topics change and not for each article."""

    __slots__ = ("_always", "_compiled", "_plan", "_triggered", "topics")

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        self.topics = topics
        self._plan = Plan()
        self._compiled = tuple(self._compile(topic) for topic in topics)
        self._always: list[int] = []
        self._triggered: dict[int, list[int]] = {}
        for number, compiled in enumerate(self._compiled):
            self._register(number, compiled)

    def match(self, article: TopicArticle, witnesses: Witnesses = NO_WITNESSES) -> tuple[TopicMatch, ...]:
        """The topics the article belongs to, in the order of `topics`."""
        evaluation = evaluate(self._plan, index_article(article))
        numbers = set(self._always)
        for pattern in self._triggered.keys() & evaluation.hits.keys():
            numbers.update(self._triggered[pattern])
        witness = Witness(evaluation)
        found = (_judge(self._compiled[number], evaluation, witness, witnesses) for number in sorted(numbers))
        return tuple(match for match in found if match is not None)

    def evidence(self, article: TopicArticle) -> tuple[tuple[str, tuple[Evidence, ...]], ...]:
        """For each topic whose query the article satisfies, its name and every piece of evidence, also
        below the thresholds: what a backtest or a training run looks at."""
        evaluation = evaluate(self._plan, index_article(article))
        return tuple(
            (compiled.topic.name, tuple(evidence))
            for compiled in self._compiled
            if (evidence := _weigh(compiled, evaluation, {})) is not None
        )

    def readings(self, article: TopicArticle) -> tuple[TopicReading, ...]:
        """What each topic with roles finds of them in the article, and the score, also where it is no match."""
        evaluation = evaluate(self._plan, index_article(article))
        witness = Witness(evaluation)
        return tuple(_read(compiled, evaluation, witness) for compiled in self._compiled if compiled.roles)

    def _compile(self, topic: Topic) -> _CompiledTopic:
        return _CompiledTopic(
            topic,
            self._part(topic, QUERY, topic.queries),
            tuple(self._part(topic, each.name, each.queries, against=each.weight < 0) for each in topic.signals),
            tuple(
                (self._part(topic, role.name, role.queries), self._part(topic, role.name, role.hints))
                for role in topic.roles
            ),
        )

    def _part(self, topic: Topic, name: str, queries: tuple[LanguageQuery, ...], *, against: bool = False) -> _Part:
        steps = [(each.language, self._plan.add(each.query.root)) for each in queries]
        of_language: dict[str | None, tuple[int, ...]] = {
            language: tuple(step for own, step in steps if own in (None, language)) for language in topic.languages
        }
        return _Part(name, of_language | {None: tuple(step for _, step in steps)}, against)

    def _register(self, number: int, compiled: _CompiledTopic) -> None:
        triggers = [self._plan.triggers(step) for step in compiled.gate.steps[None]]
        if any(patterns is None for patterns in triggers):
            self._always.append(number)
            return
        for pattern in frozenset().union(*(patterns for patterns in triggers if patterns is not None)):
            self._triggered.setdefault(pattern, []).append(number)


def match(article: TopicArticle, topic: Topic) -> TopicMatch | None:
    """Match one topic; None where the score stays below the topic's wide threshold.

    For several topics, or many articles, a TopicSet does the same for less.
    """
    found = _single(topic).match(article)
    return found[0] if found else None


def match_all(article: TopicArticle, topics: TopicSet) -> tuple[TopicMatch, ...]:
    """The matches of all `topics`, in their order."""
    return topics.match(article)


@lru_cache(maxsize=32)
def _single(topic: Topic) -> TopicSet:
    return TopicSet((topic,))


def _judge(
    compiled: _CompiledTopic, evaluation: QueryEvaluation, witness: Witness, witnesses: Witnesses
) -> TopicMatch | None:
    topic = compiled.topic
    evidence = _weigh(compiled, evaluation, witnesses.get(topic.name, {}))
    if evidence is None:
        return None
    score = _score(compiled, evaluation, evidence)
    band = topic.thresholds.band(score)
    if band is None:
        return None
    return TopicMatch(topic.name, score, band, witness.spans(evidence), witness.reasons(evidence))


def _score(compiled: _CompiledTopic, evaluation: QueryEvaluation, evidence: Sequence[Evidence]) -> float:
    bias, _ = compiled.scale(evaluation.index)
    return round(probability(bias + sum(piece.log_odds for piece in evidence)), 4)


def _read(compiled: _CompiledTopic, evaluation: QueryEvaluation, witness: Witness) -> TopicReading:
    language = compiled.language_of(evaluation.index.article)
    roles = tuple(
        RoleReading(sure.name, witness.words(sure.steps[language]), witness.words(hint.steps[language]))
        for sure, hint in compiled.roles
    )
    evidence = _weigh(compiled, evaluation, {})
    score = 0.0 if evidence is None else _score(compiled, evaluation, evidence)
    against = [piece for piece in evidence or () if piece.log_odds < 0]
    return TopicReading(compiled.topic.name, score, roles, witness.reasons(against))


def _weigh(
    compiled: _CompiledTopic, evaluation: QueryEvaluation, witnesses: Mapping[str, float]
) -> list[Evidence] | None:
    """The evidence for and against; None where the topic's query does not hold."""
    language = compiled.language_of(evaluation.index.article)
    if not any(evaluation.holds(step) for step in compiled.gate.steps[language]):
        return None
    _, weights = compiled.scale(evaluation.index)
    evidence = []
    for part in (compiled.gate, *compiled.signals):
        steps = part.steps[language]
        shown = evaluation.showing(steps)
        if shown:
            shown = shown.weighed(against=part.against) if compiled.roles else shown
            evidence.append(Evidence(part.name, weights[part.name] * shown.strength, shown, steps))
    model = compiled.topic.model
    if model and model.words:
        evidence.extend(word_evidence(model.words, evaluation.words))
    if model and witnesses:
        evidence.extend(witness_evidence(model.witnesses, witnesses))
    return evidence
