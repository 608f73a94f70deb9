"""A judgement: everything about an article that can be computed without looking at another one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from worker import duplicates, stories, topics
from worker.pages import ExtractedArticle


@dataclass(frozen=True, slots=True)
class Judgement:
    """An article as it was read, what its copies are found by, what decides its story, and the topics it matches.

    `topic_set` is what those topics are of, and `outlet` who published it.
    """

    article: ExtractedArticle
    published: datetime
    agency: str | None
    fingerprint: duplicates.Fingerprint
    features: stories.StoryFeatures
    matches: tuple[topics.TopicMatch, ...]
    topic_set: topics.TopicSet | None = field(default=None, repr=False, compare=False)
    outlet: str = ""


def judge(
    article: ExtractedArticle, *, published: datetime, outlet: str, topic_set: topics.TopicSet,
) -> Judgement:  # fmt: skip
    """Compute what the article is by itself; the expensive part, done outside any transaction."""
    told = stories.StoryArticle(article.title, article.text, article.language, published)
    return Judgement(
        article=article,
        published=published,
        agency=duplicates.find_agency(article.text, article.authors),
        fingerprint=duplicates.fingerprint(article.text, title=article.title),
        features=stories.features(told),
        matches=_match(article, outlet, topic_set),
        topic_set=topic_set,
        outlet=outlet,
    )


def match_anew(judgement: Judgement, topic_set: topics.TopicSet) -> Judgement:
    """Return the same with the topics it matches of this set; itself, where it was judged by this set."""
    if judgement.topic_set is topic_set:
        return judgement
    return replace(judgement, matches=_match(judgement.article, judgement.outlet, topic_set), topic_set=topic_set)


def _match(article: ExtractedArticle, outlet: str, topic_set: topics.TopicSet) -> tuple[topics.TopicMatch, ...]:
    about = topics.TopicArticle(article.title, article.text, article.language, outlet)
    return topics.match_all(about, topic_set)
