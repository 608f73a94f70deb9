"""What follows from an answer: pure decisions between the rooms, each tested without a clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from worker import digests, feeds
from worker.errors import FetchError, FetchReason
from worker.net import Bounce, FetchedResource, NotModified, SendOutcome, SendResult, SendStage
from worker.retry import HOST_PATIENCE, HOST_RESTS, MAIL_RETRIES, PAGE_RETRIES, UNKNOWN_RETRY
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.db.hashes import bytes_hash
from worker.storage.digests.mail_hosts import MailHostRecord
from worker.storage.digests.outbox import DeliveryRecord, DeliveryResult
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.feeds.feed_rows import FeedRecord, merged_times
from worker.storage.feeds.polls import ClaimedFeed, Poll

FeedAnswer = FetchedResource | NotModified | FetchError

_LONGEST_REST = timedelta(hours=4)
_INSTANT_LOOK = timedelta(minutes=1)
_GETS_OLD = timedelta(hours=6)
_DOUBTFUL = ("unknown", "sending")  # states in which a delivery may have arrived already


@dataclass(frozen=True, slots=True)
class DuePlan:
    """What a due subscription gets: the period its digest covers, and when the next one is due.

    `next_look` is that moment when there turns out to be nothing to tell.
    """

    period: digests.Period
    next_due: datetime
    next_look: datetime


def as_poll(feed: ClaimedFeed, answer: FeedAnswer, *, now: datetime, jitter: float) -> Poll:
    """Return what a poll came to, and when the feed is polled next.

    A body with the same hash as the last one is as unchanged as a 304; where it could not be read, that is no better
    than a poll that failed, and the wait for the next one grows as after that.
    """
    if isinstance(answer, FetchError):
        outcome = feeds.PollOutcome("failed", retry_after=answer.retry_after)
        return Poll(
            at=now, outcome="failed", status=answer.status, code=answer.reason.value, reason=str(answer),
            gone=answer.reason is FetchReason.GONE,
            next_poll_at=feeds.next_poll_at(feed.history, outcome, now=now, jitter=jitter),
        )  # fmt: skip
    body = answer.body if isinstance(answer, FetchedResource) else None
    body_hash = feed.body_hash if body is None else bytes_hash(body)
    changed = body_hash != feed.body_hash
    outcome = feeds.PollOutcome("new" if changed else "unchanged", max_age=answer.max_age)
    scheduled = replace(outcome, kind="failed") if feed.unreadable and not changed else outcome
    return Poll(
        at=now, outcome=outcome.kind, status=200 if body is not None else 304, elapsed=answer.elapsed,
        size=len(body or b""), etag=answer.validators.etag,
        last_modified=answer.validators.last_modified, body_hash=body_hash, moved_to=answer.moved_to,
        next_poll_at=feeds.next_poll_at(feed.history, scheduled, now=now, jitter=jitter),
    )  # fmt: skip


def next_poll_after_reading(
    feed: FeedRecord, parsed: feeds.ParsedFeed, new: int, *, now: datetime, jitter: float
) -> datetime:
    """Return when to poll next, now that the document's own hints and dates are known."""
    history = feeds.PollHistory(
        entry_times=tuple(merged_times(feed.history.entry_times, parsed, now)),
        failures=0,
        hints=parsed.hints,
        first_polled=feed.history.first_polled,
    )
    outcome = feeds.PollOutcome("new" if new else "unchanged")
    return max(feed.next_poll_at, feeds.next_poll_at(history, outcome, now=now, jitter=jitter))


def next_poll_of_unreadable(feed: FeedRecord, *, now: datetime, jitter: float) -> datetime:
    """Return when to poll next, now that what the feed serves could not be read."""
    failed = feeds.PollOutcome("failed")
    return max(feed.next_poll_at, feeds.next_poll_at(feed.history, failed, now=now, jitter=jitter))


def next_page_try(article: ArticleRecord, error: FetchError, *, now: datetime, jitter: float) -> datetime | None:
    """Return when to ask for the page again, or None when the feed's own text has to do.

    It has to when nothing will change, when the host wants hours of rest, and when the news gets old.
    """
    asked = error.retry_after or timedelta()
    if not error.transient or asked > _LONGEST_REST or now - article.discovered_at > _GETS_OLD:
        return None
    return PAGE_RETRIES.next_try(article.attempts, now=now, jitter=jitter, asked=error.retry_after)


def next_recheck(attempts: int, error: FetchError, *, now: datetime, jitter: float) -> datetime | None:
    """Return when to look at a changed page again, or None when what is stored has to do."""
    if not error.transient or (error.retry_after or timedelta()) > _LONGEST_REST:
        return None
    return PAGE_RETRIES.next_try(attempts, now=now, jitter=jitter, asked=error.retry_after)


def plan_due(subscription: SubscriptionRecord, *, now: datetime) -> DuePlan | None:
    """Return one period for everything since the last digest, or None when nothing is due yet."""
    schedule, zone = digests.parse_schedule(subscription.schedule), subscription.subscriber.zone
    period = digests.period_for(
        schedule, zone, due_at=subscription.next_due_at, last_end=subscription.window_start, now=now
    )
    if period is None:
        return None
    next_due = digests.next_due_at(schedule, zone, now)
    # A quiet period follows a mail; where there was none, the next story shall not wait for its end.
    instant = schedule.rhythm is digests.Rhythm.INSTANT
    next_look = digests.after_night(schedule, zone, now + _INSTANT_LOOK)
    return DuePlan(period, next_due, min(next_due, next_look) if instant else next_due)


def give_up_sending(delivery: DeliveryRecord) -> DeliveryResult | None:
    """Return the end of a delivery that must not go out again, or None when it may.

    Only one whose process died in the middle, for the second time or at its last try, comes back so.
    """
    if delivery.was == "resending":
        return DeliveryResult("dead", "sent twice, and whether it arrived is not known")
    tries = delivery.attempts - 1
    return DeliveryResult("dead", f"given up after {tries} tries") if tries >= MAIL_RETRIES.attempts else None


def as_delivery_result(
    delivery: DeliveryRecord,
    sent: SendOutcome,
    *,
    now: datetime,
    jitter: float,
    bounce: Bounce | None = None,
    doubt: timedelta = UNKNOWN_RETRY.first,
) -> DeliveryResult:
    """Return what becomes of a delivery after its channel has spoken, `bounce` being what that says of the recipient.

    A doubt stays: what may have arrived before is not made certain by a later try that surely failed. It
    lasts for `doubt`. A mailbox that is full is asked again for a day before that counts as a bounce.
    """
    if sent.result is SendResult.SENT:
        return DeliveryResult("sent")
    if sent.result is SendResult.REFUSED:
        return DeliveryResult("dead", sent.detail, bounce=bounce.value if bounce else None)
    again = _next_delivery_try(delivery, sent, now=now, jitter=max(jitter, 0.0), doubt=doubt)
    if again is None:
        reason = f"given up after {delivery.attempts} tries: {sent.detail}"
        return DeliveryResult("dead", reason, bounce=bounce.value if bounce else None)
    doubtful = sent.result is SendResult.UNKNOWN or delivery.was in _DOUBTFUL
    return DeliveryResult("unknown" if doubtful else "pending", sent.detail, next_try=again)


def as_mail_host(host: MailHostRecord, sent: SendOutcome, *, now: datetime) -> MailHostRecord:
    """Return how a mail server does after it has spoken, or has not.

    Any answer about a message shows that it is well. One that cannot be reached or logged in to, or that
    hangs up, has failed; after HOST_PATIENCE failures in a row it is left alone for a while.
    """
    well = sent.code not in (None, 421) and sent.stage not in (SendStage.CONNECT, SendStage.LOGIN)
    if well or (sent.code is None and sent.result is SendResult.REFUSED):  # an address that was never tried
        return MailHostRecord(host.host) if well else host
    failures = host.failures + 1
    rest = HOST_RESTS.next_try(failures + 1 - HOST_PATIENCE, now=now) if failures >= HOST_PATIENCE else None
    return MailHostRecord(host.host, failures, rest, sent.detail)


def _next_delivery_try(
    delivery: DeliveryRecord, sent: SendOutcome, *, now: datetime, jitter: float, doubt: timedelta
) -> datetime | None:
    if sent.result is SendResult.RETRY:
        return MAIL_RETRIES.next_try(delivery.attempts, now=now, jitter=jitter)
    # Tries that surely failed left no message anywhere: only those of unknown fate count.
    doubtful = 2 if delivery.was in _DOUBTFUL else 1
    return replace(UNKNOWN_RETRY, first=doubt, longest=doubt).next_try(doubtful, now=now, jitter=jitter)
