"""An outlook: what the next digest of a subscriber will make of a story, asked of those that decide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from worker import digests
from worker.delivery.due_plan import plan_due
from worker.digests import Choice, Period
from worker.errors import ConfigurationError
from worker.storage.db.session import Session
from worker.storage.digests import pending
from worker.storage.digests.pending import StoryStanding, SubscriptionWindow
from worker.storage.digests.subscribers import SubscriptionRecord


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the digest would make of the story, were there room for all.

    `has_developed` since what the subscriber was told last, and `is_fresh` by its date: else it is not looked at.
    """

    choice: Choice
    has_developed: bool = True
    is_fresh: bool = True


def outlooks(
    session: Session, story_id: int, subscriptions: Sequence[SubscriptionRecord], *, now: datetime
) -> dict[int, Outlook]:
    """Return by subscription what its next digest will make of the story."""
    periods = [_next_period(one, now) for one in subscriptions]
    wanted = [
        SubscriptionWindow(one.id, one.topics, period.start, period.end)
        for one, period in zip(subscriptions, periods, strict=True)
    ]
    standings = pending.standing_for_each(session, story_id, wanted) if wanted else ()
    return {one.id: _outlook(one, standing) for one, standing in zip(subscriptions, standings, strict=True)}


def _next_period(subscription: SubscriptionRecord, now: datetime) -> Period:
    due = max(now, subscription.next_due_at)
    try:
        plan = plan_due(subscription, now=due)
    except ConfigurationError:  # a zone that is no longer known: what waits for them, waits
        plan = None
    return plan.period if plan else Period(min(subscription.window_start, due), due)


def _outlook(subscription: SubscriptionRecord, standing: StoryStanding) -> Outlook:
    heard = digests.without_muted(standing.story, subscription.muted)
    if heard is None:
        return Outlook(Choice.MUTED, standing.has_developed, standing.is_fresh)
    decided = digests.decide_story(heard, subscription.sure_enough, subscription.subscriber.language)
    return Outlook(decided.choice, standing.has_developed, standing.is_fresh)
