"""Topics: what an article is about, how surely, and why."""

from worker.topics.article import TopicArticle
from worker.topics.builtin import builtin_topics
from worker.topics.evidence import Evidence
from worker.topics.matching import TopicSet, match, match_all
from worker.topics.query import parse_query
from worker.topics.query_lint import QueryWarning, lint
from worker.topics.query_tree import TopicQuery
from worker.topics.topic import Example, LanguageQuery, Signal, Thresholds, Topic
from worker.topics.topic_file import load_topic
from worker.topics.topic_match import Band, MatchedSpan, TopicMatch

__all__ = [
    "Band",
    "Evidence",
    "Example",
    "LanguageQuery",
    "MatchedSpan",
    "QueryWarning",
    "Signal",
    "Thresholds",
    "Topic",
    "TopicArticle",
    "TopicMatch",
    "TopicQuery",
    "TopicSet",
    "builtin_topics",
    "lint",
    "load_topic",
    "match",
    "match_all",
    "parse_query",
]
