"""Articles in memory, put into stories by what the service puts them with: `Reclusterer`, without a database.

All articles that share a key are neighbours here. The service leaves out what only crowded keys join
(`worker.storage.stories.story_keys`), so that figures of large sets may differ a little from its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from worker import stories
from worker.stories import PlacedArticle, Reclustering, StoryFeatures, StorySettings


def cluster(articles: Sequence[StoryFeatures], settings: StorySettings) -> list[tuple[int, ...]]:
    """Return the stories as places in `articles`, each in exactly one, where at first every article is its own."""
    placed = [PlacedArticle(place, place, article) for place, article in enumerate(articles)]
    story_of = {place: place for place in range(len(articles))}
    for found in recluster(placed, settings):
        for story, moving in found.joined.items():
            story_of |= dict.fromkeys(moving, story)
    groups: dict[int, list[int]] = {}
    for place, story in story_of.items():
        groups.setdefault(story, []).append(place)
    return sorted(tuple(group) for group in groups.values())


def recluster(articles: Sequence[PlacedArticle], settings: StorySettings) -> list[Reclustering]:
    """Return what becomes of the articles' stories, all of whose articles are given."""
    found = stories.Reclusterer(settings)
    holders: dict[str, dict[int, StoryFeatures]] = {}
    asked: dict[int, list[int]] = {}
    for one in articles:
        asked.setdefault(one.story_id, []).append(one.article_id)
        for key in one.features.keys:
            holders.setdefault(key, {})[one.article_id] = one.features
    for one in articles:
        others = {number: said for key in one.features.keys for number, said in holders[key].items()}
        found.learn(one, others)
    found.ask(asked)
    found.missing_articles()
    return found.result()
