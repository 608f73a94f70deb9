"""Which of some subscriptions are due, and what each has not been told: worked out for all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.delivery.choosing import DigestBatch
from worker.delivery.due_plan import DuePlan, plan_due, put_right
from worker.errors import ConfigurationError
from worker.setup.logs import get_log
from worker.storage.db.session import Session
from worker.storage.digests import subscribers
from worker.storage.digests.due_times import DueMove
from worker.storage.digests.pending import Pending, SubscriptionWindow, pending_for_each
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.feeds import feed_rows
from worker.storage.sites import site_reviews
from worker.storage.stories.news_numbers import latest_news_number

_PATIENCE = timedelta(minutes=5)  # a review of a site takes seconds

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest that is due, and what it is to look at: all news up to the number `news_until`."""

    subscription: SubscriptionRecord
    due: DuePlan
    pending: Pending
    news_until: int

    def news(self) -> Iterator[int]:
        """Yield the articles that it may tell of."""
        for story in self.pending.stories:
            yield from (report.article_id for report in story.reports if story.is_news(report))

    def move(self, *, silent: bool) -> DueMove:
        """Return how the due time moves on; after nothing was told, an instant schedule looks again soon."""
        next_due = self.due.next_look if silent else self.due.next_due
        return as_move(self.subscription, next_due, self.due.period.end, self.news_until)


def as_move(subscription: SubscriptionRecord, next_due: datetime, window_end: datetime, news_until: int) -> DueMove:
    """Return the move of a subscription from where it was seen."""
    seen = subscription.next_due_at
    return DueMove(subscription.id, seen, next_due, window_end, news_until, subscription.plannings)


@dataclass(frozen=True, slots=True)
class Planning:
    """The digests that are due, what those who compose them share, and due times that are only to be put right."""

    ready: tuple[DueDigest, ...]
    batch: DigestBatch
    misdated: tuple[DueMove, ...] = ()


def find_due(session: Session, subscription_ids: Sequence[int], *, now: datetime) -> Planning:
    """Return which digests are due, in the given order, and what each is to look at."""
    served = [one for one in subscribers.read_subscriptions(session, subscription_ids) if one.is_served(now)]
    plans = [(one, _plan(one, now)) for one in served]
    misdated = tuple(plan for _, plan in plans if isinstance(plan, DueMove))
    due = [(one, plan) for one, plan in plans if isinstance(plan, DuePlan)]
    if not due:
        return Planning((), DigestBatch(()), misdated)
    news_until = latest_news_number(session)
    wanted = [SubscriptionWindow(one.id, one.topics, one.news_seen, plan.period.start) for one, plan in due]
    new = pending_for_each(session, wanted)
    ready = tuple(DueDigest(one, plan, pending, news_until) for (one, plan), pending in zip(due, new, strict=True))
    ready = _without_waiting(session, ready, now=now)
    composing = any(one.pending.stories or one.subscription.send_empty for one in ready)
    batch = DigestBatch(feed_rows.list_feeds(session) if composing else ())
    batch.recall(session, [(one.subscription.id, one.pending) for one in ready])
    return Planning(ready, batch, misdated)


def _without_waiting(session: Session, ready: Sequence[DueDigest], *, now: datetime) -> tuple[DueDigest, ...]:
    """Leave those for the next look that would tell of a page which may yet be read again, knowing more of its site."""
    patient = (one for one in ready if now < one.subscription.next_due_at + _PATIENCE)
    news = {one.subscription.id: set(one.news()) for one in patient}
    read_again = site_reviews.under_review(session, set().union(*news.values()))
    return tuple(one for one in ready if read_again.isdisjoint(news.get(one.subscription.id, ())))


def _plan(subscription: SubscriptionRecord, now: datetime) -> DuePlan | DueMove | None:
    try:
        plan = plan_due(subscription, now=now)
        next_due = put_right(subscription, now=now) if plan is None else None
    except ConfigurationError as error:  # a zone that is no longer known; it is theirs, and not the others'
        log.error("digest not planned", subscription=subscription.id, reason=str(error))  # noqa: TRY400
        return None
    return plan if next_due is None else as_move(subscription, next_due, now, subscription.news_seen)
