"""The step that asks feeds for what is new: due feeds → HTTP → documents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from worker.intake.fetching import keep_document, request_feeds
from worker.intake.poll_schedule import as_poll
from worker.intake.visits import HostBusy
from worker.net import FetchedResource
from worker.setup.base_deps import BaseDeps
from worker.setup.intake_deps import IntakeDeps
from worker.setup.logs import get_log
from worker.step import Wakeup, Wakeups
from worker.storage.feeds import feed_rows, polls
from worker.storage.feeds.polls import ClaimedFeed, Poll

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the feeds that are due: of one host no more than can have their turn before the clock looks again."""
    spacing = deps.settings.fetch.feed_spacing_seconds
    turns = math.ceil(deps.settings.clock.feeds_seconds / spacing) if spacing else None
    with deps.reading() as session:
        return feed_rows.due_feeds(session, now=deps.now(), limit=limit, of_one_host=turns)


def poll_feeds(deps: IntakeDeps, *feed_ids: int) -> Wakeups:
    """Ask some feeds for what is new, one after the other, and keep the documents that have changed.

    The beats are those of a step on one row (`worker.step`), shared: one claim and one write for all feeds that have
    not changed. One with news is saved at once, by itself.
    """
    with deps.transaction() as session:
        claimed, alone = polls.claim_feeds(session, feed_ids, now=deps.now(), lease=deps.lease)
    woken = [Wakeup("poll_feeds", feed_id) for feed_id in alone]
    unchanged, later = list[tuple[ClaimedFeed, Poll]](), list[tuple[ClaimedFeed, datetime]]()
    for feed, answer in request_feeds(deps, claimed):
        if isinstance(answer, HostBusy):
            later.append((feed, deps.now() + answer.wait))
            continue
        poll = as_poll(feed, answer, now=deps.now(), jitter=deps.jitter(), usual=deps.poll_bounds)
        if polls.changes_nothing(feed, poll):
            unchanged.append((feed, poll))
        else:
            woken += _save(deps, feed, answer, poll)
    if unchanged or later:
        with deps.transaction() as session:
            polls.save_unchanged(session, unchanged)
            polls.postpone_polls(session, later)
    return tuple(woken)


def _save(deps: IntakeDeps, feed: ClaimedFeed, answer: object, poll: Poll) -> Wakeups:
    """Save a poll that says more than that nothing has changed."""
    with deps.transaction() as session:
        if not polls.is_held(session, feed):
            return ()
        polls.save_poll(session, feed.id, poll)
        if poll.reason:
            log.warning("feed not read", feed=feed.url, reason=poll.reason, next_poll=poll.next_poll_at.isoformat())
        if poll.outcome != "new" or not isinstance(answer, FetchedResource):
            return ()
        document_id = keep_document(session, answer, feed_id=feed.id, now=poll.at)
    return (Wakeup("read_feed", document_id),)
