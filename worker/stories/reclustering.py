"""Stories put right with hindsight: which articles move, so that merges and splits keep a story's id.

An article is assigned when it arrives, knowing only what came before. Looked at together, in no order, the same
articles may say that two stories are one, or that one is two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from worker.stories.clustering import cluster
from worker.stories.features import StoryFeatures
from worker.stories.membership import PlacedArticle
from worker.stories.pairing import Pair, find_pairs, link
from worker.stories.settings import MEASURED, StorySettings


@dataclass(frozen=True, slots=True)
class Reclustering:
    """What becomes of some stories. An article that is in no list stays where it is.

    `merged` names, for each story that loses all its articles, the one that gets most of them; `joined` lists
    the articles that move, by the story they move to; `opened` those of each story that is new.
    """

    merged: Mapping[int, int]
    joined: Mapping[int, tuple[int, ...]]
    opened: tuple[tuple[int, ...], ...]

    @property
    def moving(self) -> int:
        """How many articles move."""
        return sum(map(len, (*self.joined.values(), *self.opened)))


def recluster(
    articles: Sequence[PlacedArticle], *, complete: bool = True, settings: StorySettings = MEASURED
) -> Reclustering:
    """Decide which of the articles move, given whole stories; the order of the articles changes nothing.

    Where the stories are all that bear on each other (`complete`), the groups found from single articles on
    count: done twice, nothing moves the second time. Otherwise what is missing could move them back, so they
    only count where they fit better than the stories as they are: then every change is a gain, and none is
    undone.
    """
    known = sorted(articles, key=lambda placed: placed.article_id)
    pairs = find_pairs([placed.features for placed in known], settings)
    found = cluster([placed.features for placed in known], pairs, settings)
    groups = [tuple(known[place] for place in group) for group in found]
    if not complete and _fit(_places_by_story(known), pairs, settings) >= _fit(found, pairs, settings):
        return Reclustering({}, {}, ())
    return _recluster(groups)


def bear_on_each_other(
    one: Sequence[StoryFeatures], others: Sequence[StoryFeatures], *, settings: StorySettings = MEASURED
) -> bool:
    """Whether two stories may exchange members: whether a member of one is, to all of the other, likelier than not."""
    links = [[link(member, other, settings) for other in others] for member in one]
    return any(sum(row) >= 0 for row in links) or any(sum(column) >= 0 for column in zip(*links, strict=True))


def _recluster(groups: Sequence[tuple[PlacedArticle, ...]]) -> Reclustering:
    """Each story's id goes to the group that holds most of it, the biggest part first; ties to the older one."""
    parts = [
        (-count, story_id, min(placed.article_id for placed in group if placed.story_id == story_id), number)
        for number, group in enumerate(groups)
        for story_id, count in Counter(placed.story_id for placed in group).items()
    ]
    story_of: dict[int, int] = {}
    keeps: dict[int, int] = {}
    merged: dict[int, int] = {}
    for _, story_id, _, number in sorted(parts):
        if story_id not in keeps and number not in story_of:
            story_of[number], keeps[story_id] = story_id, number
    for _, story_id, _, number in sorted(parts):
        if story_id not in keeps and number in story_of:
            merged.setdefault(story_id, story_of[number])
    joined: dict[int, tuple[int, ...]] = {}
    for number, story_id in story_of.items():
        moving = tuple(placed.article_id for placed in groups[number] if placed.story_id != story_id)
        if moving:
            joined[story_id] = moving
    opened = tuple(
        tuple(placed.article_id for placed in group) for number, group in enumerate(groups) if number not in story_of
    )
    return Reclustering(merged, dict(sorted(joined.items())), opened)


def _places_by_story(articles: Iterable[PlacedArticle]) -> list[tuple[int, ...]]:
    places: dict[int, list[int]] = defaultdict(list)
    for place, placed in enumerate(articles):
        places[placed.story_id].append(place)
    return [tuple(group) for group in places.values()]


def _fit(groups: Iterable[tuple[int, ...]], pairs: Mapping[Pair, float], settings: StorySettings) -> float:
    """The log-odds of the pairs within groups, in sum (correlation clustering's objective)."""
    return round(
        sum(
            pairs.get((left, right), settings.unlike)
            for group in groups
            for index, left in enumerate(group)
            for right in group[index + 1 :]
        ),
        6,
    )
