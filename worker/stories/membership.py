"""The members of a story added up: what is stored of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.stories.embedding import Embedding, pool
from worker.stories.features import StoryFeatures
from worker.stories.vector_tags import is_tag
from worker.text.languages import base_language

_MAX_TERMS = 400


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article with the story it is in."""

    article_id: int
    story_id: int
    features: StoryFeatures


@dataclass(frozen=True, slots=True)
class StorySums:
    """What the members of a story come to. `total` is the sum of their vectors, so is `embedding`."""

    size: int
    total: Mapping[str, float]
    first_published: datetime
    last_published: datetime
    languages: tuple[str, ...] = ()
    embedding: Embedding | None = None


@dataclass(frozen=True, slots=True)
class StoryChange:
    """What becomes of a story whose members change; `story_id` is None for one that is opened.

    `keys` are all that it is found by; but where it was `joined`, and so develops, those of its new member alone.
    """

    story_id: int | None
    sums: StorySums
    keys: tuple[str, ...] = ()
    joined: bool = False


def sum_up(members: Sequence[StoryFeatures]) -> StorySums:
    """Return the sums of a story with these members. Raises ValueError for none."""
    if not members:
        raise ValueError("a story has at least one member")
    total: dict[str, float] = {}
    embedding = None
    for member in members:
        embedding = pool(embedding, member.embedding)
        for term, weight in member.vector.items():
            total[term] = total.get(term, 0.0) + weight
    return StorySums(
        size=len(members),
        total=_bound({term: round(weight, 5) for term, weight in total.items()}),
        first_published=min(member.published for member in members),
        last_published=max(member.published for member in members),
        languages=tuple(sorted({base_language(member.language) for member in members} - {""})),
        embedding=embedding,
    )


def recount(before: Iterable[PlacedArticle], after: Iterable[PlacedArticle]) -> tuple[StoryChange, ...]:
    """Return what becomes of the stories whose members `after` are others than `before`, or say something else.

    Given are all members of every story that changes. The sums are those of the members that there are, so nothing
    of one that left stays behind: no term, no language, no date, no key. Stories without any (`emptied`) are left out.
    """
    were, are = _by_story(before), _by_story(after)
    return tuple(
        recount_story(story_id, [member.features for member in members])
        for story_id, members in sorted(are.items())
        if members != were.get(story_id)
    )


def recount_story(story_id: int | None, members: Sequence[StoryFeatures]) -> StoryChange:
    """Return what becomes of a story that has these members and no others. Raises ValueError for none."""
    keys = sorted({key for member in members for key in member.keys})
    return StoryChange(story_id, sum_up(members), tuple(keys))


def emptied(before: Iterable[PlacedArticle], after: Iterable[PlacedArticle]) -> list[int]:
    """Return the stories that had members before and have none after."""
    return sorted({one.story_id for one in before} - {one.story_id for one in after})


def _by_story(members: Iterable[PlacedArticle]) -> dict[int, list[PlacedArticle]]:
    found: dict[int, list[PlacedArticle]] = defaultdict(list)
    for member in sorted(members, key=lambda member: member.article_id):
        found[member.story_id].append(member)
    return found


def _bound(total: Mapping[str, float]) -> Mapping[str, float]:
    """The heaviest terms; what a story says of when, where and who is asked of its members."""
    words = ((term, weight) for term, weight in total.items() if not is_tag(term))
    return dict(sorted(words, key=lambda item: (-item[1], item[0]))[:_MAX_TERMS])
