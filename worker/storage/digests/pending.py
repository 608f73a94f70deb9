"""Which stories a subscription has not looked at yet, and what it was told of them: for many subscriptions at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Article, Story, TopicMatch
from worker.digests import LATE, PendingStory, Report
from worker.storage.digests import told
from worker.storage.digests.digest_reports import read_reports

_STORIES = 500


@dataclass(frozen=True, slots=True)
class SubscriptionWindow:
    """What one subscription wants to know: the stories on its topics with news later than `news_after`.

    `since` is where the period of its digest begins. Without a `subscription_id` it is nobody's, and nothing of it has
    been told yet.
    """

    subscription_id: int | None
    topics: tuple[str, ...]
    news_after: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """What a digest is to look at: the stories, the newest first, and the articles of those there was no room for."""

    stories: tuple[PendingStory, ...] = ()
    crowded: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    story_id: int
    revision: int
    news_number: int
    topics: frozenset[str]

    def answers(self, wanted: SubscriptionWindow) -> bool:
        return self.news_number > wanted.news_after and not self.topics.isdisjoint(wanted.topics)


def pending_for_each(session: Session, wanted: Sequence[SubscriptionWindow], *, limit: int = _STORIES) -> list[Pending]:
    """Return what the digests of some subscriptions are to look at, in the given order.

    A story is looked at when it has changed since the subscription's last digest, by its number and not by a clock,
    and has a report on one of its topics. The candidates are looked up once for all, what each was told of them by one
    query, and a story that several look at is read once. Of more than `limit` stories those that developed last count.
    """
    if not wanted:
        return []
    changed = Story.news_number > min(one.news_after for one in wanted)
    candidates = _candidates(session, {topic for one in wanted for topic in one.topics}, changed)
    windows: dict[tuple[tuple[str, ...], int], list[_Candidate]] = {}
    for one in wanted:
        same = (one.topics, one.news_after)
        if same not in windows:
            windows[same] = [each for each in candidates if each.answers(one)]
    found = [windows[one.topics, one.news_after] for one in wanted]
    views = _Views(session, wanted, {each.story_id for looked_at in found for each in looked_at[:limit]})
    return [
        Pending(
            tuple(views.view(one, each) for each in looked_at[:limit]),
            _matching_articles(session, one, looked_at[limit:]),
        )
        for one, looked_at in zip(wanted, found, strict=True)
    ]


def latest_stories(session: Session, topic: str, *, since: datetime, limit: int) -> tuple[PendingStory, ...]:
    """Return the stories with a report on the topic that developed since then, the newest first, as told to nobody."""
    candidates = _candidates(session, {topic}, Story.developed_at > since)[:limit]
    nobody = SubscriptionWindow(None, (topic,), 0)
    views = _Views(session, [nobody], {each.story_id for each in candidates})
    return tuple(views.view(nobody, each) for each in candidates)


class _Views:
    """The stories as subscriptions know them; those who know the same of a story get the same object."""

    def __init__(self, session: Session, wanted: Sequence[SubscriptionWindow], story_ids: set[int]) -> None:
        self._reports = read_reports(session, sorted(story_ids))
        articles = [one.article_id for each in self._reports.values() for one in each]
        readers = [one.subscription_id for one in wanted if one.subscription_id is not None]
        self._had = told.read_told(session, readers, articles)
        self._made: dict[tuple[object, ...], PendingStory] = {}

    def view(self, wanted: SubscriptionWindow, story: _Candidate) -> PendingStory:
        reports = self._reports.get(story.story_id, ())
        had = self._of_story(self._had.get(wanted.subscription_id, {}), reports)
        since, seen = _bounds(reports, wanted)
        same = (story.story_id, since, seen, frozenset(had.items()))
        if same not in self._made:
            self._made[same] = PendingStory(story.story_id, story.revision, reports, had, since, seen)
        return self._made[same]

    @staticmethod
    def _of_story(had: Mapping[int, int], reports: Sequence[Report]) -> dict[int, int]:
        return {one.article_id: had[one.article_id] for one in reports if one.article_id in had} if had else {}


def _bounds(reports: Sequence[Report], wanted: SubscriptionWindow) -> tuple[datetime | None, int]:
    """Where the period begins, and up to which of these reports' numbers the digests before have looked.

    A story of which nothing may be too late is the same for all, wherever their periods begin.
    """
    looked_at = [one for one in reports if one.news_number <= wanted.news_after]
    if wanted.since is None or all(one.published > wanted.since - LATE for one in looked_at):
        return None, 0
    return wanted.since, max(one.news_number for one in looked_at)


def _candidates(session: Session, topics: set[str], which: ColumnElement[bool]) -> list[_Candidate]:
    """Those of the stories that have a report on one of the topics, the newest first."""
    rows = session.execute(
        select(Story.id, Story.revision, Story.news_number, Story.developed_at, TopicMatch.topic)
        .join(Article, Article.story_id == Story.id)
        .join(TopicMatch, TopicMatch.article_id == Article.id)
        .where(
            which,
            TopicMatch.topic.in_(sorted(topics)),
            Article.mailable,
            Article.duplicate_of.is_(None) | Article.updates_original,
            Story.merged_into.is_(None),
        )
        .order_by(Story.developed_at.desc(), Story.id)
        .distinct()
    )
    about: dict[tuple[int, int, int], set[str]] = defaultdict(set)
    for story_id, revision, news_number, _developed, topic in rows:
        about[story_id, revision, news_number].add(topic)
    return [_Candidate(*story, topics=frozenset(found)) for story, found in about.items()]


def _matching_articles(session: Session, wanted: SubscriptionWindow, crowded: Sequence[_Candidate]) -> tuple[int, ...]:
    if not crowded:
        return ()
    stories, topics = [each.story_id for each in crowded], wanted.topics
    rows = session.scalars(
        select(Article.id)
        .join(TopicMatch, TopicMatch.article_id == Article.id)
        .where(Article.story_id.in_(stories), TopicMatch.topic.in_(topics), Article.mailable)
        .distinct()
    )
    return tuple(rows)
