"""A judgement: everything about an article that can be computed without looking at another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from worker import duplicates, stories, topics
from worker.pages import ExtractedArticle
from worker.setup.analysis_deps import Embed


@dataclass(frozen=True, slots=True)
class Judgement:
    """An article as it was read, what its copies are found by, what decides its story, and the topics it matches."""

    article: ExtractedArticle
    published: datetime
    agency: str | None
    fingerprint: duplicates.Fingerprint
    features: stories.StoryFeatures
    matches: tuple[topics.TopicMatch, ...]


def judge(
    article: ExtractedArticle, *, published: datetime, outlet: str, topic_set: topics.TopicSet,
    embed: Embed | None = None,
) -> Judgement:  # fmt: skip
    """Compute what the article is by itself; the expensive part, done outside any transaction."""
    about = topics.TopicArticle(article.title, article.text, article.language, outlet)
    told = stories.StoryArticle(article.title, article.text, article.language, published)
    return Judgement(
        article=article,
        published=published,
        agency=duplicates.find_agency(article.text, article.authors),
        fingerprint=duplicates.fingerprint(article.text, title=article.title),
        features=stories.features(told, embedding=embed(stories.gist(told)) if embed else None),
        matches=topics.match_all(about, topic_set),
    )
