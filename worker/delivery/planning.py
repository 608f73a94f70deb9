"""Which of some subscriptions are due, and what each has not been told: worked out for all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.delivery.composing import DigestBatch
from worker.delivery.due_plan import DuePlan, plan_due
from worker.digests import PendingStory
from worker.errors import ConfigurationError
from worker.setup.logs import get_log
from worker.storage.db.session import Session
from worker.storage.digests import pending, subscribers
from worker.storage.digests.pending import SubscriptionWindow
from worker.storage.digests.subscribers import DueMove, SubscriptionRecord
from worker.storage.feeds import feed_rows

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest that is due, and the stories it may tell."""

    subscription: SubscriptionRecord
    due: DuePlan
    pending: Sequence[PendingStory]

    def move(self, *, silent: bool) -> DueMove:
        """Return how the due time moves on; after nothing was told, an instant schedule looks again soon."""
        next_due = self.due.next_look if silent else self.due.next_due
        return DueMove(self.subscription.id, self.subscription.next_due_at, next_due, self.due.period.end)


def find_due(
    session: Session, subscription_ids: Sequence[int], *, now: datetime
) -> tuple[list[DueDigest], DigestBatch]:
    """Return the digests that are due, in the given order, and what those who compose them share."""
    found = [(one, _plan(one, now)) for one in subscribers.read_subscriptions(session, subscription_ids)]
    due = [(one, plan) for one, plan in found if plan is not None]
    wanted = [SubscriptionWindow(one.id, one.topics, plan.period.start, plan.period.end) for one, plan in due]
    new = pending.pending_for_each(session, wanted)
    ready = [DueDigest(one, plan, stories) for (one, plan), stories in zip(due, new, strict=True)]
    composing = any(one.pending or one.subscription.send_empty for one in ready)
    return ready, DigestBatch(feed_rows.list_feeds(session) if composing else ())


def _plan(subscription: SubscriptionRecord, now: datetime) -> DuePlan | None:
    try:
        return plan_due(subscription, now=now) if subscription.is_served(now) else None
    except ConfigurationError as error:  # a zone that is no longer known; it is theirs, and not the others'
        log.error("digest not planned", subscription=subscription.id, reason=str(error))  # noqa: TRY400
        return None
