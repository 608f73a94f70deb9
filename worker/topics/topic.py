"""A topic: what is looked for, how much each sign of it counts, and how sure a match must be."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.topics.article import TopicArticle
from worker.topics.query_tree import TopicQuery
from worker.topics.topic_match import Band

BIAS, QUERY_WEIGHT = -2.0, 5.0
"""For a topic that is only a query: a mention in a twentieth of the body stays below wide (.2), the opening
alone is balanced (.73), the title or a third of the body strict (.88)."""


@dataclass(frozen=True, slots=True)
class LanguageQuery:
    """A query for articles of one language, or of any (None)."""

    language: str | None
    query: TopicQuery


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign for the topic (weight above 0) or against it (below 0).

    The weight is what a full showing adds to the log-odds of the match: 2.2 turns even odds into .9.
    """

    name: str
    weight: float
    queries: tuple[LanguageQuery, ...]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least score (0-1) of each band; strict >= balanced >= wide."""

    strict: float = 0.8
    balanced: float = 0.5
    wide: float = 0.3

    def band(self, score: float) -> Band | None:
        """The band `score` reaches, or None where it reaches none."""
        if score >= self.strict:
            return Band.STRICT
        if score >= self.balanced:
            return Band.BALANCED
        return Band.WIDE if score >= self.wide else None


@dataclass(frozen=True, slots=True)
class Example:
    """An article that the topic must match (in band strict or balanced) or must not."""

    name: str
    article: TopicArticle
    matches: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """Everything a topic file says.

    `queries` decide what is considered at all: an article that satisfies none of them is no match,
    whatever the signals say. Where it is considered, `bias` is the log-odds it starts from,
    `query_weight` what the query's own showing adds, and each signal adds its part. `titles` are
    (language, title) pairs for display. `source` is the file's text, by which two versions are told apart.
    """

    name: str
    queries: tuple[LanguageQuery, ...]
    titles: tuple[tuple[str, str], ...] = ()
    description: str = ""
    languages: tuple[str, ...] = ()
    bias: float = BIAS
    query_weight: float = QUERY_WEIGHT
    signals: tuple[Signal, ...] = ()
    thresholds: Thresholds = Thresholds()
    examples: tuple[Example, ...] = ()
    source: str = field(default="", repr=False)

    def __hash__(self) -> int:
        # The trees are deep and a string remembers its hash: topics are keys of the compiled-plan cache.
        return hash((self.name, self.source))

    def title(self, language: str) -> str:
        """The title in `language`, else the first one given, else the name."""
        titles = dict(self.titles)
        return titles.get(language) or next(iter(titles.values()), self.name)
