"""In which order stories are told: weight first, with variety."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import exp2, log2

from worker.digests.digest import DigestStory
from worker.text.languages import primary_subtag

# Shares of the weight. The topic's own score leads; how many carry a story says more than how new it is.
SCORE, SIZE, OUTLETS, FRESHNESS = 0.5, 0.2, 0.15, 0.15
HALF_LIFE = timedelta(hours=12)
MANY_REPORTS, MANY_OUTLETS = 32, 16  # where size and outlets stop adding
# What each story already chosen takes from the next of the same topic or the same core outlet.
SAME_TOPIC, SAME_OUTLET = 0.03, 0.08


OWN_LANGUAGE = 0.05
"""What a lead in the reader's language adds: it comes first of two that weigh about the same."""


def weight(story: DigestStory, *, end: datetime, language: str = "") -> float:
    """0-1.05: the topic's score, reports (reprints included), outlets, freshness at `end`, the reader's `language`."""
    reports = sum(1 + len(article.reprints) for article in story.articles)
    outlets = {name.casefold() for article in story.articles for name in (article.outlet, *article.reprints)}
    newest = max(article.published for article in story.articles)
    age = max(end - newest, timedelta())
    return (
        SCORE * min(max(story.score, 0.0), 1.0)
        + SIZE * _share(reports, MANY_REPORTS)
        + OUTLETS * _share(len(outlets), MANY_OUTLETS)
        + FRESHNESS * exp2(-(age / HALF_LIFE))
        + OWN_LANGUAGE * (primary_subtag(story.articles[0].language) == language != "")
    )


def ranked(stories: Sequence[DigestStory], limit: int, *, end: datetime, language: str = "") -> list[DigestStory]:
    """The `limit` stories to tell, in order. Greedy: each choice makes its topic and outlet a little dearer.

    Carbonell and Goldstein 1998 (maximal marginal relevance), with "same topic, same outlet" as the likeness.
    The order in which the stories are given does not matter.
    """
    weights = {story.story_id: weight(story, end=end, language=language) for story in stories}
    waiting = sorted(stories, key=lambda story: (-weights[story.story_id], story.story_id))
    topics: Counter[str] = Counter()
    outlets: Counter[str] = Counter()
    chosen: list[DigestStory] = []

    def value(story: DigestStory) -> float:
        outlet = story.articles[0].outlet.casefold()
        return weights[story.story_id] - SAME_TOPIC * topics[story.topic] - SAME_OUTLET * outlets[outlet]

    while waiting and len(chosen) < limit:
        best = max(waiting, key=value)  # the first of equals: the heavier, then the older id
        waiting.remove(best)
        chosen.append(best)
        topics[best.topic] += 1
        outlets[best.articles[0].outlet.casefold()] += 1
    return chosen


def _share(count: int, many: int) -> float:
    return min(log2(count) / log2(many), 1.0) if count > 1 else 0.0
