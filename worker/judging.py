"""From a read article to its place: copy or original, story, topics.

The pipeline and `storywatch replay` both go through here, so a rule that is tried on an archive is the
rule that runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from worker import duplicates, stories, topics
from worker.pages import ExtractedArticle
from worker.storage import articles, copies, fingerprints
from worker.storage import stories as story_rows
from worker.storage import topics as topic_rows


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything about an article that can be computed without looking at another one."""

    article: ExtractedArticle
    published: datetime
    agency: str | None
    fingerprint: duplicates.Fingerprint
    features: stories.StoryFeatures
    matches: tuple[topics.TopicMatch, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article ended up among the others."""

    duplicate: duplicates.DuplicateDecision
    story_id: int | None
    matches: tuple[topics.TopicMatch, ...]


def judge(article: ExtractedArticle, *, published: datetime, outlet: str, topic_set: topics.TopicSet) -> Judgement:
    """Compute what the article is by itself; the expensive part, done outside any transaction."""
    about = topics.TopicArticle(article.title, article.text, article.language, outlet)
    return Judgement(
        article=article,
        published=published,
        agency=duplicates.find_agency(article.text, article.authors),
        fingerprint=duplicates.fingerprint(article.text),
        features=stories.features(stories.StoryArticle(article.title, article.text, article.language, published)),
        matches=topics.match_all(about, topic_set),
    )


def place(session: Session, article_id: int, judgement: Judgement, *, window: timedelta, now: datetime) -> Placement:
    """Decide what the article is among the stored ones, and save all of it in this transaction.

    A copy carries its original's story and topics; the original of a group is its earliest article. The
    caller sees to it that no other worker decides at the same time (`serialize_stories`).
    """
    duplicate = duplicates.decide(judgement.fingerprint, _candidates(session, article_id, judgement))
    articles.save_analysis(
        session, article_id, judgement.article, published=judgement.published, agency=judgement.agency,
        text_hash=judgement.fingerprint.text_hash, duplicate=duplicate, now=now,
    )  # fmt: skip
    fingerprints.save_samples(session, article_id, judgement.fingerprint)
    original_id = duplicate.duplicate_of
    if original_id is None:
        story_id: int | None = _tell(session, article_id, judgement.features, window, now)
        matches = judgement.matches
    elif _precedes(session, article_id, judgement.published, original_id):
        group, story_id = copies.take_over(session, article_id, original_id, duplicate)
        duplicate, matches = duplicates.DuplicateDecision(duplicates.DuplicateKind.UNIQUE), judgement.matches
        for copy_id in group:
            topic_rows.save_matches(session, copy_id, matches, now=now)
    else:
        story_id = story_rows.follow_original(session, article_id, original_id)
        matches = topic_rows.matches_of(session, original_id)
    topic_rows.save_matches(session, article_id, matches, now=now)
    return Placement(duplicate, story_id, matches)


def _precedes(session: Session, article_id: int, published: datetime, original_id: int) -> bool:
    """Whether the article was published before the one that leads its group only because it was read first."""
    newcomer = copies.seniority(session, article_id, published=published)
    return newcomer < copies.seniority(session, original_id)


def _candidates(session: Session, article_id: int, judgement: Judgement) -> Sequence[duplicates.Candidate]:
    return [
        duplicates.Candidate(stored.original_id, duplicates.fingerprint(stored.text), stored.published, stored.seen)
        for stored in fingerprints.find_candidates(session, article_id, judgement.fingerprint)
    ]


def _tell(session: Session, article_id: int, features: stories.StoryFeatures, window: timedelta, now: datetime) -> int:
    candidates = story_rows.find_stories(session, features, window=window)
    assignment = stories.assign(features, candidates, now=now)
    joined = next((c for c in candidates if c.story_id == assignment.story_id), None)
    totals = stories.absorb(joined, features)
    return story_rows.join_story(session, article_id, features, assignment, totals, now=now)
