"""An article's place among the stories, decided: which one it joins or opens, whose place it takes, who leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from worker.stories.assignment import StoryAssignment, StoryCandidate, assign
from worker.stories.features import StoryFeatures
from worker.stories.membership import PlacedArticle, StoryChange, emptied, recount, sum_up
from worker.stories.settings import MEASURED, StorySettings
from worker.stories.similarity import mean_cosine

_TIED = 0.1  # cosine; the other members may still have the boilerplate that thins their terms


@dataclass(frozen=True, slots=True)
class Departure:
    """A report that leaves its story, and why."""

    article_id: int
    story_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """What changes in the stories by one article; `stories` are to be written in their order.

    `story_id` is the story of the article and its copies from now on, None for the one that is opened. The article is
    a member of it by its `features`; a copy has none and is no member. It is a new report where `joined` says how it
    was assigned; `takes_over` names the report whose place it takes, so that nothing new is told by it. `merged` names,
    for each story that loses all its members, the one it goes on as.
    """

    article_id: int
    story_id: int | None
    features: StoryFeatures | None = None
    joined: StoryAssignment | None = None
    takes_over: int | None = None
    left: tuple[Departure, ...] = ()
    stories: tuple[StoryChange, ...] = ()
    merged: Mapping[int, int | None] = field(default_factory=dict)


def join_story(
    article_id: int, features: StoryFeatures, candidates: Sequence[StoryCandidate], *, now: datetime,
    settings: StorySettings = MEASURED,
) -> MembershipChange:  # fmt: skip
    """Let a report join the story it belongs to, or open one."""
    assignment = assign(features, candidates, now=now, settings=settings)
    members = next((one.members for one in candidates if one.story_id == assignment.story_id), ())
    change = StoryChange(assignment.story_id, sum_up([*members, features]), joined=True)
    return MembershipChange(article_id, assignment.story_id, features, joined=assignment, stories=(change,))


def take_over(
    article_id: int, features: StoryFeatures, former: Sequence[int], members: Sequence[PlacedArticle]
) -> MembershipChange:
    """Let an original that was read late take the place of the first of the `former` ones, which are its copies now.

    It is in the story by its own words, so that stories do not hang on which was read first. The other former ones
    leave their stories. `members` are the whole stories of all of them.
    """
    story_of = {member.article_id: member.story_id for member in members}
    first, *others = former
    story_id = story_of[first]
    after = [*_without(former, members), PlacedArticle(article_id, story_id, features)]
    return MembershipChange(
        article_id, story_id, features, takes_over=first, left=_departures(others, story_of),
        stories=recount(members, after), merged=dict.fromkeys(emptied(members, after), story_id),
    )  # fmt: skip


def follow_original(
    article_id: int, story_id: int | None, former: Sequence[int], members: Sequence[PlacedArticle]
) -> MembershipChange:
    """Let a copy be in its original's story, which does not develop by it.

    The `former` originals that are copies of it now leave their stories, of which `members` are all.
    """
    story_of = {member.article_id: member.story_id for member in members}
    after = _without(former, members)
    return MembershipChange(
        article_id, story_id, left=_departures(former, story_of),
        stories=recount(members, after), merged=dict.fromkeys(emptied(members, after), story_id),
    )  # fmt: skip


def is_loose(article_id: int, features: StoryFeatures, members: Sequence[PlacedArticle]) -> bool:
    """Whether a report, by what it says now, is too far from its story's other members to stay with them."""
    others = [member.features for member in _without([article_id], members)]
    return bool(others) and mean_cosine(features, others) < _TIED


def revise_report(report: PlacedArticle, members: Sequence[PlacedArticle]) -> MembershipChange:
    """Let a report say something else in its story, which does not develop by it. `members` is the whole story."""
    after = [*_without([report.article_id], members), report]
    return MembershipChange(report.article_id, report.story_id, report.features, stories=recount(members, after))


def move_report(
    report: PlacedArticle, members: Sequence[PlacedArticle], candidates: Iterable[StoryCandidate], reason: str,
    *, now: datetime, settings: StorySettings = MEASURED,
) -> MembershipChange:  # fmt: skip
    """Let a report leave its story, where others stay, and join another or open one."""
    left = recount(members, _without([report.article_id], members))
    stay = tuple(one.features for one in _without([report.article_id], members))
    candidates = [replace(one, members=stay) if one.story_id == report.story_id else one for one in candidates]
    joined = join_story(
        report.article_id, report.features, [one for one in candidates if one.members], now=now, settings=settings
    )
    departure = Departure(report.article_id, report.story_id, reason)
    return replace(joined, left=(departure,), stories=(*left, *joined.stories))


def _departures(leaving: Iterable[int], story_of: dict[int, int]) -> tuple[Departure, ...]:
    return tuple(Departure(one, story_of[one], "it is a copy") for one in leaving)


def _without(leaving: Collection[int], members: Iterable[PlacedArticle]) -> list[PlacedArticle]:
    return [member for member in members if member.article_id not in leaving]
