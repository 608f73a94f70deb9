"""The members of a story added up: what is stored of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.stories.features import StoryFeatures


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article with the story it is in."""

    article_id: int
    story_id: int
    features: StoryFeatures


@dataclass(frozen=True, slots=True)
class StorySums:
    """What the members of a story come to."""

    size: int
    first_published: datetime
    last_published: datetime


@dataclass(frozen=True, slots=True)
class StoryChange:
    """What becomes of a story whose members change; `story_id` is None for one that is opened.

    Where it was `joined`, it develops.
    """

    story_id: int | None
    sums: StorySums
    joined: bool = False


def sum_up(members: Sequence[StoryFeatures]) -> StorySums:
    """Return the sums of a story with these members. Raises ValueError for none."""
    if not members:
        raise ValueError("a story has at least one member")
    return StorySums(
        size=len(members),
        first_published=min(member.published for member in members),
        last_published=max(member.published for member in members),
    )


def recount(before: Iterable[PlacedArticle], after: Iterable[PlacedArticle]) -> tuple[StoryChange, ...]:
    """Return what becomes of the stories whose members `after` are others than `before`, or say something else.

    Given are all members of every story that changes. The sums are those of the members that there are, so nothing
    of one that left stays behind. Stories without any (`emptied`) are left out.
    """
    were, are = _by_story(before), _by_story(after)
    return tuple(
        recount_story(story_id, [member.features for member in members])
        for story_id, members in sorted(are.items())
        if members != were.get(story_id)
    )


def recount_story(story_id: int | None, members: Sequence[StoryFeatures]) -> StoryChange:
    """Return what becomes of a story that has these members and no others. Raises ValueError for none."""
    return StoryChange(story_id, sum_up(members))


def emptied(before: Iterable[PlacedArticle], after: Iterable[PlacedArticle]) -> list[int]:
    """Return the stories that had members before and have none after."""
    return sorted({one.story_id for one in before} - {one.story_id for one in after})


def _by_story(members: Iterable[PlacedArticle]) -> dict[int, list[PlacedArticle]]:
    found: dict[int, list[PlacedArticle]] = defaultdict(list)
    for member in sorted(members, key=lambda member: member.article_id):
        found[member.story_id].append(member)
    return found
