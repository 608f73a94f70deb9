"""Which of a subscriber's stories a digest tells, and under which topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from worker.digests.digest import (
    Digest,
    DigestStory,
    DigestSubscriber,
    Period,
    SourceTrouble,
    TopicSection,
)
from worker.digests.ranking import ranked, weight
from worker.errors import ConfigurationError

PAGE = 50
"""Stories on one further page of an archive."""

_NO_TITLES: Mapping[str, str] = MappingProxyType({})

SubtopicOf = Callable[[DigestStory], str]
"""What the part of its topic is called that a story belongs to, in the reader's language; "" for none."""


def no_subtopic(_story: DigestStory) -> str:
    """The topic has no parts."""
    return ""


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
    subtopic_of: SubtopicOf = no_subtopic,
) -> Digest | None:
    """The digest of `stories` for `period`, or None when it is empty and `send_empty` is not set.

    A story given under several topics appears once, under the one it fits best. The weightiest `limit`
    stories stay, those of the wide band only where there is room, grouped by topic, and by sub-topic within it, in
    the order of each one's first story; opinion comes last, and the rest is counted.
    Raises ConfigurationError when `limit` is below 1.
    """
    if limit < 1:
        raise ConfigurationError(f"a digest's maximum length must be at least 1 story, not {limit}")
    told = _best_topic_only(story for story in stories if story.articles)
    if not told and not send_empty:
        return None
    order = partial(ranked, end=period.end, language=subscriber.language)
    chosen = order([story for story in told if not story.wide], limit)
    chosen += order([story for story in told if story.wide], limit - len(chosen))
    return Digest(
        subscriber=subscriber,
        period=period,
        sections=_sections(chosen, topic_titles, subtopic_of),
        left_out=len(told) - len(chosen),
        troubles=tuple(troubles),
        feeds_watched=feeds_watched,
    )


def further_pages(
    digest: Digest, stories: Sequence[DigestStory], *,
    topic_titles: Mapping[str, str] = _NO_TITLES, subtopic_of: SubtopicOf = no_subtopic,
) -> tuple[Digest, ...]:  # fmt: skip
    """What `build` left out of `stories`, as further digests of at most PAGE each, the weightiest first."""
    if not digest.left_out:
        return ()
    told = {story.story_id for section in digest.sections for story in section.stories}
    end, language = digest.period.end, digest.subscriber.language
    rest = sorted(
        (one for one in _best_topic_only(s for s in stories if s.articles) if one.story_id not in told),
        key=lambda story: (story.wide, -weight(story, end=end, language=language), story.story_id),
    )
    return tuple(
        Digest(
            digest.subscriber,
            digest.period,
            _sections(rest[start : start + PAGE], topic_titles, subtopic_of),
            left_out=len(rest[start + PAGE :]),
        )
        for start in range(0, len(rest), PAGE)
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


def _sections(
    chosen: Sequence[DigestStory], titles: Mapping[str, str], subtopic_of: SubtopicOf
) -> tuple[TopicSection, ...]:
    grouped: dict[tuple[bool, str], list[DigestStory]] = {}
    for story in sorted(chosen, key=lambda story: story.wide):
        placed = replace(story, subtopic="" if story.is_opinion else subtopic_of(story))
        grouped.setdefault((story.wide, story.topic), []).append(placed)
    return tuple(
        TopicSection(topic, titles.get(topic, topic), _in_parts(stories), wide)
        for (wide, topic), stories in grouped.items()
    )


def _in_parts(stories: Sequence[DigestStory]) -> tuple[DigestStory, ...]:
    """Those of one sub-topic together, each where its first story stands; then those of none, and opinion."""
    first: dict[str, int] = {}
    for number, story in enumerate(stories):
        first.setdefault(story.subtopic, number)
    return tuple(sorted(stories, key=lambda one: (one.is_opinion, not one.subtopic, first[one.subtopic])))
