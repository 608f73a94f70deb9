"""A signal: what speaks for a topic, or against it, and how much."""

from __future__ import annotations

from dataclasses import dataclass

from worker.topics.queries.tree import TopicQuery


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
