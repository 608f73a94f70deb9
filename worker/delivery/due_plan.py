"""What a due subscription gets: the period its digest covers, and when the next one is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from worker import digests
from worker.storage.digests.due_times import CLOCKS_DIFFER
from worker.storage.digests.subscribers import SubscriptionRecord

_INSTANT_LOOK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DuePlan:
    """What a due subscription gets: the period its digest covers, and when the next one is due.

    `next_look` is that moment when there turns out to be nothing to tell.
    """

    period: digests.Period
    next_due: datetime
    next_look: datetime


def plan_due(subscription: SubscriptionRecord, *, now: datetime) -> DuePlan | None:
    """Return one period for everything since the last digest, or None when nothing is due yet."""
    schedule, zone = digests.parse_schedule(subscription.schedule), subscription.subscriber.zone
    period = digests.period_for(schedule, zone, subscription.next_due_at, now=now, last_end=subscription.window_start)
    if period is None:
        return None
    next_due = digests.next_due_at(schedule, zone, now)
    # A quiet period follows a mail; where there was none, the next story shall not wait for its end.
    instant = schedule.rhythm is digests.Rhythm.INSTANT
    next_look = digests.after_night(schedule, zone, now + _INSTANT_LOOK)
    return DuePlan(period, next_due, min(next_due, next_look) if instant else next_due)


def put_right(subscription: SubscriptionRecord, *, now: datetime) -> datetime | None:
    """Return when the next digest is due where the clock ran ahead while it was planned, else None.

    Its last period ended in what is still to come, by more than machines differ (`CLOCKS_DIFFER`): so its due time is
    as wrong.
    """
    if subscription.window_start <= now + CLOCKS_DIFFER:
        return None
    schedule = digests.parse_schedule(subscription.schedule)
    return min(subscription.next_due_at, digests.next_due_at(schedule, subscription.subscriber.zone, now))
