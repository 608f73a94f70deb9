"""Does an article belong to a topic, how surely, and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from worker.text.languages import primary_subtag
from worker.topics.article import TopicArticle
from worker.topics.article_index import index_article
from worker.topics.evaluation import QueryEvaluation, evaluate
from worker.topics.evidence import Evidence, Witness, word_evidence
from worker.topics.plan import Plan
from worker.topics.scoring import probability
from worker.topics.topic import QUERY, LanguageQuery, Topic
from worker.topics.topic_match import TopicMatch


@dataclass(frozen=True, slots=True)
class _Part:
    """A signal, or the topic's own query, compiled: its steps for articles of each language, and for any other."""

    name: str
    weight: float
    steps: dict[str | None, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _CompiledTopic:
    topic: Topic
    gate: _Part
    signals: tuple[_Part, ...]

    def language_of(self, article: TopicArticle) -> str | None:
        """The article's language where the topic has queries of its own for it, else None: try all."""
        primary = primary_subtag(article.language)
        return primary if primary in self.topic.languages else None


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

    def match(self, article: TopicArticle) -> tuple[TopicMatch, ...]:
        """The topics the article belongs to, in the order of `topics`."""
        evaluation = evaluate(self._plan, index_article(article))
        numbers = set(self._always)
        for pattern in self._triggered.keys() & evaluation.hits.keys():
            numbers.update(self._triggered[pattern])
        witness = Witness(evaluation)
        found = (_judge(self._compiled[number], evaluation, witness) for number in sorted(numbers))
        return tuple(match for match in found if match is not None)

    def evidence(self, article: TopicArticle) -> tuple[tuple[str, tuple[Evidence, ...]], ...]:
        """For each topic whose query the article satisfies, its name and every piece of evidence, also
        below the thresholds: what a backtest or a training run looks at."""
        evaluation = evaluate(self._plan, index_article(article))
        return tuple(
            (compiled.topic.name, tuple(evidence))
            for compiled in self._compiled
            if (evidence := _weigh(compiled, evaluation)) is not None
        )

    def _compile(self, topic: Topic) -> _CompiledTopic:
        return _CompiledTopic(
            topic,
            self._part(topic, QUERY, topic.queries),
            tuple(self._part(topic, signal.name, signal.queries) for signal in topic.signals),
        )

    def _part(self, topic: Topic, name: str, queries: tuple[LanguageQuery, ...]) -> _Part:
        steps = [(each.language, self._plan.add(each.query.root)) for each in queries]
        of_language: dict[str | None, tuple[int, ...]] = {
            language: tuple(step for own, step in steps if own in (None, language)) for language in topic.languages
        }
        return _Part(name, topic.weights[name], of_language | {None: tuple(step for _, step in steps)})

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


def _judge(compiled: _CompiledTopic, evaluation: QueryEvaluation, witness: Witness) -> TopicMatch | None:
    evidence = _weigh(compiled, evaluation)
    if evidence is None:
        return None
    topic = compiled.topic
    score = round(probability(topic.starting_log_odds + sum(piece.log_odds for piece in evidence)), 4)
    band = topic.thresholds.band(score)
    if band is None:
        return None
    return TopicMatch(topic.name, score, band, witness.spans(evidence), witness.reasons(evidence))


def _weigh(compiled: _CompiledTopic, evaluation: QueryEvaluation) -> list[Evidence] | None:
    """The evidence for and against; None where the topic's query does not hold."""
    language = compiled.language_of(evaluation.index.article)
    if not any(evaluation.holds(step) for step in compiled.gate.steps[language]):
        return None
    evidence = []
    for part in (compiled.gate, *compiled.signals):
        steps = part.steps[language]
        shown = evaluation.showing(steps)
        if shown:
            evidence.append(Evidence(part.name, part.weight * shown.strength, shown, steps))
    if compiled.topic.model:
        evidence.extend(word_evidence(compiled.topic.model.words, evaluation.words))
    return evidence
