"""A topic: what is looked for, how much each sign of it counts, and how sure a match must be."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.topics.article import TopicArticle
from worker.topics.model import LinearModel
from worker.topics.roles import Role
from worker.topics.signal import LanguageQuery, Signal
from worker.topics.thresholds import Thresholds

BIAS, QUERY_WEIGHT = -2.0, 5.0
"""For a topic that is only a query: a mention in a twentieth of the body stays below wide (.2), the opening
alone is balanced (.73), the title or a third of the body strict (.88)."""

QUERY = "the topic's query"
"""How the topic's own query is named among its signals and reasons."""


@dataclass(frozen=True, slots=True)
class Subtopic:
    """A part of a topic under which a digest groups its stories; it says nothing of what matches.

    `titles` are (language, title) pairs.
    """

    name: str
    titles: tuple[tuple[str, str], ...]
    queries: tuple[LanguageQuery, ...]

    def title(self, language: str) -> str:
        """The title in `language`, else the first one given, else the name."""
        titles = dict(self.titles)
        return titles.get(language) or next(iter(titles.values()), self.name)


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
    (language, title) pairs for display, `subtopics` what its stories are grouped by.
    `source` is the text of the file and of its model, by which two versions are told apart.

    Where there are `roles`, `queries` and the first of the signals are made from them (see worker/topics/roles.py).

    A `model` has learned better weights for the same signals, and for words besides: where there is one, its
    weights and its bias count instead. `thresholds` are then the model's too.
    """

    name: str
    queries: tuple[LanguageQuery, ...]
    titles: tuple[tuple[str, str], ...] = ()
    description: str = ""
    languages: tuple[str, ...] = ()
    bias: float = BIAS
    query_weight: float = QUERY_WEIGHT
    signals: tuple[Signal, ...] = ()
    roles: tuple[Role, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    examples: tuple[Example, ...] = ()
    model: LinearModel | None = None
    subtopics: tuple[Subtopic, ...] = ()
    source: str = field(default="", repr=False)

    def __hash__(self) -> int:
        # The trees are deep and a string remembers its hash: topics are keys of the compiled-plan cache.
        return hash((self.name, self.source))

    def scale(self, kinds: tuple[str, ...] = ()) -> tuple[float, dict[str, float]]:
        """The log-odds that an article of these kinds (see `kinds_of`) has before any evidence, and what a full showing
        of each signal, and of QUERY, adds to them."""
        if self.model is None:
            return self.bias, self.written_weights
        bias, learned = self.model.adjusted(kinds)
        return bias, {name: learned.get(name, weight) for name, weight in self.written_weights.items()}

    @property
    def written_weights(self) -> dict[str, float]:
        """The weights that the topic's author gave."""
        return {QUERY: self.query_weight} | {signal.name: signal.weight for signal in self.signals}

    def title(self, language: str) -> str:
        """The title in `language`, else the first one given, else the name."""
        titles = dict(self.titles)
        return titles.get(language) or next(iter(titles.values()), self.name)
