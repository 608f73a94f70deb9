"""Stories put right with hindsight: which articles move, so that merges and splits keep a story's id.

An article is assigned when it arrives, knowing only what came before. Looked at together, in no order, the same
articles may say that two stories are one, or that one is two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from worker.stories.clustering import Agglomeration
from worker.stories.features import StoryFeatures
from worker.stories.membership import PlacedArticle
from worker.stories.settings import MEASURED, StorySettings

Placed = tuple[int, int]
"""An article, and the story it is in."""


@dataclass(frozen=True, slots=True)
class Reclustering:
    """What becomes of `stories`, all of whose articles are `placed`. An article that is in no list stays where it is.

    `merged` names, for each story that loses all its articles, the one that gets most of them; `joined` lists
    the articles that move, by the story they move to; `opened` those of each story that is new.
    """

    stories: tuple[int, ...]
    placed: tuple[Placed, ...]
    merged: Mapping[int, int] = field(default_factory=dict)
    joined: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    opened: tuple[tuple[int, ...], ...] = ()

    @property
    def moving(self) -> int:
        """How many articles move."""
        return sum(map(len, (*self.joined.values(), *self.opened)))


class Reclusterer:
    """Stories that are looked at again, among no more of their neighbours than they depend on.

    Who uses it hands in whole stories (`ask`), then what is `missing`, as long as anything is: articles with whatever
    they may have to do with (`learn`), and further whole stories. The order of all that changes nothing, and done
    twice, nothing moves the second time.
    """

    def __init__(self, settings: StorySettings = MEASURED) -> None:
        self._found = Agglomeration(settings)
        self._stories: dict[int, tuple[int, ...]] = {}
        self._story_of: dict[int, int] = {}
        self._open: set[int] = set()
        self._beside: set[int] = set()

    def ask(self, stories: Mapping[int, Sequence[int]]) -> None:
        """Look at these stories, given with all their articles."""
        for story_id, articles in stories.items():
            if story_id not in self._stories:
                self._stories[story_id] = tuple(articles)
                self._open.update(articles)
                self._story_of.update(dict.fromkeys(articles, story_id))

    def learn(self, placed: PlacedArticle, others: Mapping[int, StoryFeatures]) -> None:
        """Take in an article with all the others that it may have to do with, by their ids."""
        self._story_of[placed.article_id] = placed.story_id
        self._found.learn(placed.article_id, placed.features, others)

    def knows(self, article: int) -> bool:
        """Whether the article is learned of."""
        return self._found.knows(article)

    def missing_articles(self) -> list[int]:
        """Return the articles that have to be learned of before more can be said."""
        missing = set()
        for article in sorted(self._open):
            unknown = self._found.settle(article)
            if unknown is not None:
                missing.add(unknown)
                continue
            self._open.remove(article)
            self._beside.update(self._story_of[other] for other in self._found.members(article))
        return sorted(missing)

    def missing_stories(self) -> list[int]:
        """Return the stories that have to be asked for, because articles of theirs belong to those of others."""
        return sorted(self._beside - self._stories.keys())

    def result(self) -> list[Reclustering]:
        """Return what becomes of the stories of which all is known: apart what does not hang together."""
        found = []
        for stories, groups in self._regions():
            if all(
                story_id in self._stories and self._open.isdisjoint(self._stories[story_id]) for story_id in stories
            ):
                found.append(_recluster(stories, [[(one, self._story_of[one]) for one in group] for group in groups]))
        return found

    def _regions(self) -> list[tuple[set[int], list[tuple[int, ...]]]]:
        """Stories that share groups, with those: each group is whole, whosever its articles are."""
        groups = sorted({self._found.members(one) for one in self._story_of if self._is_final(one)})
        region_of: dict[int, tuple[set[int], list[tuple[int, ...]]]] = {}
        for story_id in self._stories:
            region_of[story_id] = ({story_id}, [])
        for group in groups:
            shared = {self._story_of[one] for one in group}
            joined: tuple[set[int], list[tuple[int, ...]]] = (shared, [group])
            for region in {id(region_of[one]): region_of[one] for one in shared if one in region_of}.values():
                joined = (joined[0] | region[0], joined[1] + region[1])
            region_of.update(dict.fromkeys(joined[0], joined))
        return list({id(region): region for region in region_of.values()}.values())

    def _is_final(self, article: int) -> bool:
        return article not in self._open and self._story_of[article] in self._stories


def leave(story_id: int, articles: Sequence[int]) -> Reclustering:
    """Leave a story as it is."""
    return Reclustering((story_id,), tuple((article, story_id) for article in articles))


def _recluster(stories: Iterable[int], groups: Sequence[Sequence[Placed]]) -> Reclustering:
    """Each story's id goes to the group that holds most of it, the biggest part first; ties to the older one."""
    parts = [
        (-count, story_id, min(article for article, story in group if story == story_id), number)
        for number, group in enumerate(groups)
        for story_id, count in Counter(story for _, story in group).items()
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
    joined = {
        story_id: tuple(article for article, story in groups[number] if story != story_id)
        for number, story_id in story_of.items()
    }
    opened = tuple(
        tuple(article for article, _ in group) for number, group in enumerate(groups) if number not in story_of
    )
    placed = tuple(sorted(one for group in groups for one in group))
    return Reclustering(
        tuple(sorted(stories)),
        placed,
        merged,
        {story_id: moving for story_id, moving in sorted(joined.items()) if moving},
        opened,
    )
