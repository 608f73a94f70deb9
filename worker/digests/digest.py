"""What goes into a digest and what comes out, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DigestSubscriber:
    """`language` is the code of one that a digest can be written in; `zone` an IANA time zone name."""

    address: str
    name: str
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class Period:
    """The window a digest covers: after `start`, up to and including `end` (aware UTC)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class DigestArticle:
    """A report of a story as it is shown. `reprints` are the outlets (repeated if need be) that carried a copy of it.

    `feed_only` says that only the feed's own text could be had; `wire` names the agency credited;
    `updated` says that it has changed substantially since the last digest, `new` that the subscriber has had the
    story but not this report of it; `opinion` that somebody comments on the news in it.
    `article_id` is the stored article's number, 0 where there is none.
    """

    title: str
    url: str
    outlet: str
    language: str | None
    published: datetime
    excerpt: str
    reprints: tuple[str, ...] = ()
    feed_only: bool = False
    wire: str | None = None
    updated: bool = False
    article_id: int = 0
    new: bool = False
    opinion: bool = False


@dataclass(frozen=True, slots=True)
class DigestStory:
    """A story for one subscriber: its core article first.

    `revision` grows when the story develops; `news` counts the reports that are new since the
    subscriber last had the story, 0 when the whole story is new. `matched` are the terms that made
    it match `topic`; `score` is the topic's. `wide` says that the match is one of the unsure ones.
    `told_as` is the headline they had it under, where it is another one now; `subtopic` is what the story's
    part of the topic is called.
    """

    story_id: int
    revision: int
    topic: str
    score: float
    articles: tuple[DigestArticle, ...]
    matched: tuple[str, ...] = ()
    news: int = 0
    wide: bool = False
    told_as: str = ""
    subtopic: str = ""

    @property
    def is_opinion(self) -> bool:
        """Whether there is nothing in it but comment: else a report leads it."""
        return self.articles[0].opinion if self.articles else False


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """A feed with persistent trouble, as the footer names it."""

    outlet: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class TopicSection:
    """The stories of one topic, the weightiest first. `title` is for people, `topic` is the key.

    Those of one sub-topic stand together, where the topic has any. Unsure matches stand in a section of their own,
    which is `wide`.
    """

    topic: str
    title: str
    stories: tuple[DigestStory, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest ready to be rendered. `left_out` counts the stories cut to keep the length."""

    subscriber: DigestSubscriber
    period: Period
    sections: tuple[TopicSection, ...]
    left_out: int = 0
    troubles: tuple[SourceTrouble, ...] = ()
    feeds_watched: int = 0
