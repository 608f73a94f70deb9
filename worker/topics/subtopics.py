"""Which part of its topic a story belongs to, by what its reports say in headline and opening."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from worker.text.languages import primary_subtag
from worker.topics.article import TopicArticle
from worker.topics.article_index import index_article
from worker.topics.evaluation import evaluate
from worker.topics.plan import Plan
from worker.topics.topic import Subtopic, Topic


def choose_subtopic(topic: Topic, reports: Sequence[TopicArticle]) -> Subtopic | None:
    """The sub-topic that shows most strongly in the reports, the first named of two alike; None where none shows."""
    if not topic.subtopics or not reports:
        return None
    shown = [_strengths(topic, report) for report in reports]
    together = [sum(each) for each in zip(*shown, strict=True)]
    best = max(range(len(together)), key=lambda number: together[number])
    return topic.subtopics[best] if together[best] > 0 else None


class _CompiledSubtopics:
    """The sub-topics' queries in one plan, by language as a topic's own are."""

    def __init__(self, topic: Topic) -> None:
        self.plan = Plan()
        self.languages = topic.languages
        self._steps = [
            [(each.language, self.plan.add(each.query.root)) for each in subtopic.queries]
            for subtopic in topic.subtopics
        ]

    def steps(self, language: str | None) -> list[tuple[int, ...]]:
        """For each sub-topic, the steps that count for articles of a language; all for one that is not the topic's."""
        known = primary_subtag(language) in self.languages
        return [
            tuple(step for own, step in steps if own is None or not known or own == primary_subtag(language))
            for steps in self._steps
        ]


@lru_cache(maxsize=4096)  # subscribers share their stories
def _strengths(topic: Topic, report: TopicArticle) -> tuple[float, ...]:
    compiled = _compiled(topic)
    evaluation = evaluate(compiled.plan, index_article(report))
    shown = (evaluation.showing(steps) if steps else None for steps in compiled.steps(report.language))
    return tuple(one.strength + one.title if one else 0.0 for one in shown)  # a headline says what it is about


@lru_cache(maxsize=32)
def _compiled(topic: Topic) -> _CompiledSubtopics:
    return _CompiledSubtopics(topic)
