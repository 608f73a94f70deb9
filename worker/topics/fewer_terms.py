"""A topic as it would be without some of its terms: what a backtest asks of each, and a lesson of those that only one
article has."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, replace

from worker.topics.article import TopicArticle
from worker.topics.article_index import index_article
from worker.topics.evaluation import evaluate
from worker.topics.plan import Plan, TermStep
from worker.topics.queries.tree import And, Boosted, Node, Not, Or, Term, TopicQuery, Word, leaves
from worker.topics.signal import LanguageQuery
from worker.topics.topic import Topic

_NEVER = (Word("\0"),)  # no word of an article is folded to this


def without_terms(topic: Topic, terms: Collection[Term]) -> Topic:
    """Return the topic as it would be if those terms never matched, wherever they stand."""
    without = _Without(frozenset(terms), frozenset(term.words for term in terms))
    return replace(
        topic,
        queries=without.queries(topic.queries),
        signals=tuple(replace(signal, queries=without.queries(signal.queries)) for signal in topic.signals),
    )


def terms_of_one_part(
    topic: Topic, articles: Sequence[TopicArticle], parts: Sequence[Set[int]]
) -> list[tuple[Term, ...]]:
    """For each part of the articles, given by their numbers, the terms that occur there and in no other part."""
    queries = (each.query.root for signal in topic.signals for each in signal.queries)
    terms = tuple(dict.fromkeys(leaf for root in queries for leaf in leaves(root) if isinstance(leaf, Term)))
    plan = Plan()
    steps = {plan.add(term): term for term in terms}
    needing: dict[int, list[int]] = {}
    for number in steps:
        step = plan.steps[number]
        if isinstance(step, TermStep):
            needing.setdefault(step.rarest, []).append(number)
    found: dict[int, set[int]] = {}
    for part, numbers in enumerate(parts):
        for each in numbers:
            evaluation = evaluate(plan, index_article(articles[each]))
            for pattern in needing.keys() & evaluation.hits.keys():
                for number in needing[pattern]:
                    if evaluation.occurrences(number):
                        found.setdefault(number, set()).add(part)
    return [tuple(term for number, term in steps.items() if found.get(number) == {part}) for part in range(len(parts))]


@dataclass(frozen=True, slots=True)
class _Without:
    """`words` are those of `terms`: most terms are told apart by them, in less time than by all that they are."""

    terms: frozenset[Term]
    words: frozenset[tuple[Word, ...]]

    def queries(self, queries: tuple[LanguageQuery, ...]) -> tuple[LanguageQuery, ...]:
        return tuple(replace(each, query=TopicQuery(each.query.text, self._node(each.query.root))) for each in queries)

    def _node(self, node: Node) -> Node:
        match node:
            case Term():
                gone = node.words in self.words and node in self.terms
                return replace(node, words=_NEVER, slop=None) if gone else node
            case And(children) | Or(children):
                return type(node)(tuple(self._node(child) for child in children))
            case Not(child):
                return Not(self._node(child))
            case Boosted(child, factor):
                return Boosted(self._node(child), factor)
        return node
