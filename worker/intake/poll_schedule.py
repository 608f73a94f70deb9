"""What follows from a feed's answer: what the poll came to, and when the feed is polled next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from worker import feeds
from worker.errors import FetchError, FetchReason
from worker.feeds.schedule import USUAL_BOUNDS, PollBounds
from worker.net import FetchedResource, NotModified
from worker.storage.db.hashes import bytes_hash
from worker.storage.feeds.polls import ClaimedFeed, Poll

PollAnswer = FetchedResource | NotModified | FetchError


def as_poll(
    feed: ClaimedFeed, answer: PollAnswer, *, now: datetime, jitter: float, usual: PollBounds = USUAL_BOUNDS
) -> Poll:
    """Return what a poll came to, and when the feed is polled next.

    A body with the same hash as the last one is as unchanged as a 304; where it could not be read, that is no better
    than a poll that failed, and the wait for the next one grows as after that. `usual` holds for a feed for which the
    owner wants nothing else.
    """
    due = partial(
        feeds.next_poll_at, feed.history, now=now, jitter=jitter, bounds=usual.of_feed(feed.shortest, feed.longest)
    )
    if isinstance(answer, FetchError):
        outcome = feeds.PollOutcome("failed", asked=answer.retry_after)
        return Poll(
            at=now, outcome="failed", status=answer.status, code=answer.reason.value, reason=answer.why,
            gone=answer.reason is FetchReason.GONE,
            next_poll_at=due(outcome),
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
        next_poll_at=due(scheduled), fresh_for=answer.max_age,
    )  # fmt: skip
