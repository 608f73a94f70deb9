"""Which stories a subscription has not had yet: looked up for many subscriptions at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Article, Digest, DigestStory, Story, TopicMatch
from worker.digests import PendingStory, Report
from worker.storage.digests.digest_reports import DatedReport, read_reports

_LATE = timedelta(days=2)
_OVERLAP = timedelta(minutes=10)
_STORIES = 500
_MEMORY = timedelta(days=30)  # in which a story that was told may still be merged or split


@dataclass(frozen=True, slots=True)
class SubscriptionWindow:
    """What one subscription wants to know: the stories on its topics that developed within its window.

    Without a `subscription_id` it is nobody's, and nothing of it has been told yet.
    """

    subscription_id: int | None
    topics: tuple[str, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class _Candidate:
    story_id: int
    revision: int
    developed_at: datetime
    last_published_at: datetime
    topics: frozenset[str]

    def answers(self, wanted: SubscriptionWindow) -> bool:
        return self.has_developed(wanted) and self.is_fresh(wanted) and not self.topics.isdisjoint(wanted.topics)

    def has_developed(self, wanted: SubscriptionWindow) -> bool:
        return wanted.since - _OVERLAP < self.developed_at <= wanted.until

    def is_fresh(self, wanted: SubscriptionWindow) -> bool:
        return self.last_published_at > wanted.since - _LATE


@dataclass(frozen=True, slots=True)
class StoryStanding:
    """A story as one subscription knows it, pending or not.

    `has_developed` since what they were told last; `is_fresh` says that something in it is news by its date.
    """

    story: PendingStory
    has_developed: bool
    is_fresh: bool


def pending_stories(
    session: Session,
    subscription_id: int | None,
    topics: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    limit: int = _STORIES,
) -> list[PendingStory]:
    """Return the stories that matched one of the topics and developed since then, the newest first.

    The window begins ten minutes early, since a worker may commit after a later digest was planned
    what it stamped before; what was told already is known by its revision and not told again. Stories
    with nothing published since two days before the window are no news and stay out. To nobody (None) nothing
    has been told.
    """
    (found,) = pending_for_each(
        session, [SubscriptionWindow(subscription_id, tuple(topics), since, until)], limit=limit
    )
    return found


def pending_for_each(
    session: Session, wanted: Sequence[SubscriptionWindow], *, limit: int = _STORIES
) -> list[list[PendingStory]]:
    """Return what `pending_stories` does for each of some subscriptions, in the given order.

    The candidates are looked up once for all of them, what each was told by one query, and a story that several
    are to be told is read once.
    """
    candidates = _candidates(session, wanted)
    told = _told_revisions(session, wanted, _developed_within(wanted)) if candidates else {}
    windows: dict[tuple[object, ...], list[_Candidate]] = {}
    found = list[list[_Candidate]]()
    for one in wanted:
        same = (one.topics, one.since, one.until)
        if same not in windows:
            windows[same] = [candidate for candidate in candidates if candidate.answers(one)]
        had = told.get(one.subscription_id, {})
        found.append([each for each in windows[same] if each.revision > had.get(each.story_id, 0)][:limit])
    reports = read_reports(session, sorted({each.story_id for candidates in found for each in candidates}))
    seen = _seen(session, [one for one, candidates in zip(wanted, found, strict=True) if candidates])
    views = _Views(reports)
    return [
        [
            views.view(
                each,
                had=told.get(one.subscription_id, {}),
                seen=seen.get(one.subscription_id, _NOTHING),
                since=one.since,
            )
            for each in candidates
        ]
        for one, candidates in zip(wanted, found, strict=True)
    ]


def standing_for_each(session: Session, story_id: int, wanted: Sequence[SubscriptionWindow]) -> list[StoryStanding]:
    """Return what `pending_for_each` weighs of one story for each of some subscriptions, in the given order."""
    row = session.get_one(Story, story_id)
    found = _Candidate(row.id, row.revision, row.developed_at, row.last_published_at, frozenset())
    told, seen = _told_revisions(session, wanted, Story.id == story_id), _seen(session, wanted)
    views = _Views(read_reports(session, [story_id]))
    standings = []
    for one in wanted:
        had = told.get(one.subscription_id, {})
        story = views.view(found, had=had, seen=seen.get(one.subscription_id, _NOTHING), since=one.since)
        developed = found.has_developed(one) and story.revision > story.told
        standings.append(StoryStanding(story, developed, found.is_fresh(one)))
    return standings


_NOTHING = frozenset[int]()


class _Views:
    """The stories as subscriptions know them; those who know the same of a story get the same object."""

    def __init__(self, reports: dict[int, list[DatedReport]]) -> None:
        self._reports = reports
        self._articles = {story: frozenset(t.article_id for t, _ in each) for story, each in reports.items()}
        self._since: dict[tuple[int, datetime], tuple[Report, ...]] = {}
        self._made: dict[tuple[object, ...], PendingStory] = {}

    def view(self, story: _Candidate, *, had: dict[int, int], seen: frozenset[int], since: datetime) -> PendingStory:
        story_id = story.story_id
        told, seen = had.get(story_id, 0), seen & self._articles.get(story_id, _NOTHING)
        same = (story_id, told, seen, since)
        if same not in self._made:
            self._made[same] = PendingStory(story_id, story.revision, told, self._dated(story_id, since), seen)
        return self._made[same]

    def _dated(self, story_id: int, since: datetime) -> tuple[Report, ...]:
        if (story_id, since) not in self._since:
            self._since[story_id, since] = tuple(
                replace(report, updated=True) if updated_at and updated_at > since else report
                for report, updated_at in self._reports.get(story_id, ())
            )
        return self._since[story_id, since]


def _candidates(session: Session, wanted: Sequence[SubscriptionWindow]) -> list[_Candidate]:
    """Whatever one of them may be told, the newest first."""
    if not wanted:
        return []
    since = min(one.since for one in wanted)
    rows = session.execute(
        select(Story.id, Story.revision, Story.developed_at, Story.last_published_at, TopicMatch.topic)
        .join(Article, Article.story_id == Story.id)
        .join(TopicMatch, TopicMatch.article_id == Article.id)
        .where(
            TopicMatch.topic.in_(sorted({topic for one in wanted for topic in one.topics})),
            Article.mailable,
            Article.duplicate_of.is_(None),
            Story.developed_at > since - _OVERLAP,
            Story.developed_at <= max(one.until for one in wanted),
            Story.last_published_at > since - _LATE,
            Story.merged_into.is_(None),
        )
        .order_by(Story.developed_at.desc(), Story.id)
        .distinct()
    )
    about: dict[tuple[int, int, datetime, datetime], set[str]] = defaultdict(set)
    for story_id, revision, developed_at, last_published_at, topic in rows:
        about[story_id, revision, developed_at, last_published_at].add(topic)
    return [_Candidate(*story, topics=frozenset(topics)) for story, topics in about.items()]


def _developed_within(wanted: Sequence[SubscriptionWindow]) -> ColumnElement[bool]:
    return Story.developed_at > min(one.since for one in wanted) - _OVERLAP


def _told_revisions(
    session: Session, wanted: Sequence[SubscriptionWindow], which: ColumnElement[bool]
) -> dict[int | None, dict[int, int]]:
    """By subscription: the last revision it was told of each of those stories."""
    rows = session.execute(
        select(DigestStory.subscription_id, DigestStory.story_id, func.max(DigestStory.revision))
        .join(Story, Story.id == DigestStory.story_id)
        .where(DigestStory.subscription_id.in_(_subscriptions(wanted)), which)
        .group_by(DigestStory.subscription_id, DigestStory.story_id)
    )
    told: dict[int | None, dict[int, int]] = defaultdict(dict)
    for subscription_id, story_id, revision in rows:
        told[subscription_id][story_id] = revision
    return told


def _seen(session: Session, wanted: Sequence[SubscriptionWindow]) -> dict[int | None, frozenset[int]]:
    """By subscription: the articles it was told lately, in whatever story they were."""
    since = {subscription_id: one.until - _MEMORY for subscription_id, one in _subscriptions(wanted).items()}
    if not since:
        return {}
    rows = session.execute(
        select(DigestStory.subscription_id, Digest.window_end, DigestStory.article_ids)
        .join(Digest, Digest.id == DigestStory.digest_id)
        .where(DigestStory.subscription_id.in_(since), Digest.window_end > min(since.values()))
    )
    seen: dict[int, set[int]] = defaultdict(set)
    for subscription_id, window_end, article_ids in rows:
        if window_end > since[subscription_id]:
            seen[subscription_id].update(article_ids)
    return {subscription_id: frozenset(articles) for subscription_id, articles in seen.items()}


def _subscriptions(wanted: Sequence[SubscriptionWindow]) -> dict[int, SubscriptionWindow]:
    return {one.subscription_id: one for one in wanted if one.subscription_id is not None}
