"""What of the stories a digest looks at is its reader's: decided once for all readers who know the same of a story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from worker import digests, stories
from worker.storage.db.session import Session
from worker.storage.digests.pending import Pending
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.digests.told_headlines import told_headlines
from worker.storage.feeds.feed_rows import FeedRecord

_REASONS = {digests.Choice.NO_NEWS: "repeats", digests.Choice.OLD: "old"}
_CROWDED, _MUTED = "crowded", "muted"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a digest tells, and by article why others that match are passed over."""

    selections: tuple[digests.Selection, ...] = ()
    passed_over: Mapping[int, str] = field(default_factory=dict)

    @property
    def stories(self) -> list[digests.DigestStory]:
        """The stories as the reader is to see them."""
        return [one.story for one in self.selections if one.story is not None]


class DigestBatch:
    """What the digests that are made together share: the feeds, and what a story comes to for readers who are alike."""

    def __init__(self, watched: Sequence[FeedRecord]) -> None:
        self.watched = watched
        self._headlines: dict[tuple[int, int], str] = {}
        self._troubles: dict[datetime, tuple[digests.SourceTrouble, ...]] = {}
        self._decided: dict[tuple[object, ...], digests.Selection] = {}

    def troubles(self, now: datetime) -> tuple[digests.SourceTrouble, ...]:
        """Return the feeds with persistent trouble, as a digest's footer names them."""
        if now not in self._troubles:
            self._troubles[now] = tuple(_troubles(self.watched, now))
        return self._troubles[now]

    def recall(self, session: Session, wanted: Iterable[tuple[int, Pending]]) -> None:
        """Look up under which headlines those subscriptions had the stories that go on."""
        known = {(reader, story.story_id) for reader, found in wanted for story in found.stories if story.had}
        self._headlines |= told_headlines(session, {one for one, _ in known}, {story for _, story in known})

    def brief(self, story: digests.DigestStory, subscription: SubscriptionRecord) -> digests.DigestStory:
        """Return the story ready to be told to the subscriber."""
        told = self._headlines.get((subscription.id, story.story_id), "")
        return digests.brief(story, subscription.subscriber.language, told)

    def choose(self, pending: Pending, subscription: SubscriptionRecord) -> Chosen:
        """Decide on each of the stories for that reader."""
        decided, passed_over = list[digests.Selection](), dict.fromkeys(pending.crowded, _CROWDED)
        for story in pending.stories:
            heard = digests.without_muted(story, subscription.muted)
            if heard is not story:
                passed_over |= dict.fromkeys(_muted(story, heard, subscription), _MUTED)
            if heard is not None:
                decided.append(self._decide(heard, subscription))
        for one in decided:
            passed_over |= dict.fromkeys(one.passed_over, _REASONS.get(one.choice, ""))
        return Chosen(tuple(one for one in decided if one.story is not None), passed_over)

    def _decide(self, story: digests.PendingStory, subscription: SubscriptionRecord) -> digests.Selection:
        language = subscription.subscriber.language
        alike = (language, frozenset(subscription.band_of.items()), subscription.muted)
        same = (story.story_id, story.since, story.seen, frozenset(story.had.items()), alike)
        if same not in self._decided:
            self._decided[same] = decide(story, subscription)
        return self._decided[same]


def decide(story: digests.PendingStory, subscription: SubscriptionRecord) -> digests.Selection:
    """Decide on a story for a reader, by what its reports add to those that this reader has had."""
    bands = subscription.sure_enough
    reports = digests.matching_reports(story, bands)
    if digests.is_known(story, reports) and any(map(story.is_news, reports)):
        story = _with_additions(story, reports)
    return digests.decide_story(story, bands, subscription.subscriber.language)


def _with_additions(story: digests.PendingStory, reports: Sequence[digests.Report]) -> digests.PendingStory:
    """Say of each report whether it adds anything: to those the reader has had, and to those told before it."""
    in_order = sorted(reports, key=lambda one: (not story.had_revision(one), one.joined, one.published, one.article_id))
    adding = stories.find_additions(
        stories.SaidBy(one.article_id, one.text, one.language, one.title) for one in in_order
    )
    silent = {one.article_id for one in reports if one.article_id not in adding and not one.updates}
    return replace(story, reports=tuple(replace(one, adds=one.article_id not in silent) for one in story.reports))


def _muted(
    story: digests.PendingStory, heard: digests.PendingStory | None, subscription: SubscriptionRecord
) -> set[int]:
    """The articles that match and are not told, for the reader wants to hear nothing of them."""
    left = {one.article_id for one in heard.reports} if heard is not None else set()
    matching = digests.matching_reports(story, subscription.sure_enough)
    return {one.article_id for one in matching if one.article_id not in left and story.is_news(one)}


def _troubles(watched: Sequence[FeedRecord], now: datetime) -> Iterator[digests.SourceTrouble]:
    for feed in watched:
        health = feed.assess(now)
        if health.persistent:
            yield digests.SourceTrouble(feed.name, health.state, health.reason)
