"""Which of a subscriber's stories a digest tells, and under which topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from worker.digests.digest import (
    Digest,
    DigestStory,
    DigestSubscriber,
    Period,
    SourceTrouble,
    TopicSection,
)
from worker.digests.ranking import ranked
from worker.errors import ConfigurationError

_NO_TITLES: Mapping[str, str] = MappingProxyType({})


def build(
    subscriber: DigestSubscriber,
    stories: Sequence[DigestStory],
    period: Period,
    *,
    limit: int = 25,
    topic_titles: Mapping[str, str] = _NO_TITLES,
    troubles: Sequence[SourceTrouble] = (),
    feeds_watched: int = 0,
    send_empty: bool = False,
) -> Digest | None:
    """The digest of `stories` for `period`, or None when it is empty and `send_empty` is not set.

    A story given under several topics appears once, under the one it fits best. The weightiest `limit`
    stories stay, grouped by topic in the order of each topic's first story; the rest is counted.
    Raises ConfigurationError when `limit` is below 1.
    """
    if limit < 1:
        raise ConfigurationError(f"a digest's maximum length must be at least 1 story, not {limit}")
    told = _best_topic_only(story for story in stories if story.articles)
    if not told and not send_empty:
        return None
    chosen = ranked(told, limit, end=period.end)
    return Digest(
        subscriber=subscriber,
        period=period,
        sections=_sections(chosen, topic_titles),
        left_out=len(told) - len(chosen),
        troubles=tuple(troubles),
        feeds_watched=feeds_watched,
    )


def _best_topic_only(stories: Iterable[DigestStory]) -> list[DigestStory]:
    best: dict[int, DigestStory] = {}
    for story in stories:
        rival = best.get(story.story_id)
        if rival is None or _fit(story) > _fit(rival):
            best[story.story_id] = story
    return list(best.values())


def _fit(story: DigestStory) -> tuple[float, int, str]:
    # The topic's name decides between equals, so that the order of the input never does.
    return story.score, story.revision, story.topic


def _sections(chosen: Sequence[DigestStory], titles: Mapping[str, str]) -> tuple[TopicSection, ...]:
    grouped: dict[str, list[DigestStory]] = {}
    for story in chosen:
        grouped.setdefault(story.topic, []).append(story)
    return tuple(TopicSection(topic, titles.get(topic, topic), tuple(stories)) for topic, stories in grouped.items())
