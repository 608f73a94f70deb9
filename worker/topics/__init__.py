"""Topics: what an article is about, how surely, and why."""

from worker.text.bands import DEFAULT_BAND, Band
from worker.topics.article import TopicArticle
from worker.topics.builtin import builtin_topics
from worker.topics.evidence import Evidence
from worker.topics.learning.quality import CalibrationRow, JudgedArticle, Label, LabelledArticle, Quality
from worker.topics.learning.training import TrainingResult, train
from worker.topics.matching import TopicSet, match, match_all
from worker.topics.model import LinearModel, load_model
from worker.topics.queries.lint import QueryWarning, lint, lint_guard
from worker.topics.queries.parsing import parse_query
from worker.topics.queries.tree import TopicQuery
from worker.topics.roles import role_signals
from worker.topics.signal import LanguageQuery, Signal
from worker.topics.subtopics import choose_subtopic
from worker.topics.thresholds import Thresholds
from worker.topics.topic import Example, Subtopic, Topic
from worker.topics.topic_file import load_topic, model_file
from worker.topics.topic_match import MatchedSpan, RoleReading, TopicMatch, TopicReading

__all__ = [
    "DEFAULT_BAND",
    "Band",
    "CalibrationRow",
    "Evidence",
    "Example",
    "JudgedArticle",
    "Label",
    "LabelledArticle",
    "LanguageQuery",
    "LinearModel",
    "MatchedSpan",
    "Quality",
    "QueryWarning",
    "RoleReading",
    "Signal",
    "Subtopic",
    "Thresholds",
    "Topic",
    "TopicArticle",
    "TopicMatch",
    "TopicQuery",
    "TopicReading",
    "TopicSet",
    "TrainingResult",
    "builtin_topics",
    "choose_subtopic",
    "lint",
    "lint_guard",
    "load_model",
    "load_topic",
    "match",
    "match_all",
    "model_file",
    "parse_query",
    "role_signals",
    "train",
]
