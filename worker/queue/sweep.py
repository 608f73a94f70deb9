"""What the clock does: wakes whatever is due or lags behind, and clears away what is only of passing use."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta

from worker.setup.deps import Deps
from worker.storage.articles import article_rows, documents, rechecks, sample_months
from worker.storage.db import ticks
from worker.storage.digests import outbox, subscribers
from worker.storage.feeds import feed_rows, polls
from worker.storage.sites import site_reviews, site_rows
from worker.storage.stories import reclusterings, story_rows
from worker.storage.topics import retags
from worker.wakeup import Wakeup, Wakeups

HOUSEKEEPING = "housekeeping"
_SHARED = 5  # digests that are looked for where there is room for one message: up to forty are planned by one
_OVER = 3  # story windows after which a story is out of the index


def due_feeds(deps: Deps, limit: int) -> Wakeups:
    """Wake the polls that are due: of one host no more than can have their turn before the clock looks again."""
    spacing = deps.settings.fetch.feed_spacing_seconds
    turns = math.ceil(deps.settings.clock.feeds_seconds / spacing) if spacing else None
    with deps.reading() as session:
        due = feed_rows.due_feeds(session, now=deps.now(), limit=limit, of_one_host=turns)
    return tuple(Wakeup("poll_feeds", feed_id) for feed_id in due)


def due_pages(deps: Deps, limit: int) -> Wakeups:
    """Wake the pages whose host was busy or whose next try has come."""
    if limit <= 0:
        return ()
    with deps.reading() as session:
        due = article_rows.waiting_articles(session, state="discovered", now=deps.now(), limit=limit)
    return tuple(Wakeup("fetch_page", article_id) for article_id in due)


def due_analyses(deps: Deps, limit: int) -> Wakeups:
    """Wake the documents and articles that lag behind in the analyze pool."""
    now = deps.now()
    with deps.reading() as session:
        unread = documents.waiting_documents(session, now=now, limit=limit)
        fetched = article_rows.waiting_articles(session, state="fetched", now=now, limit=max(0, limit - len(unread)))
    return (
        *(Wakeup("read_feed", document_id) for document_id in unread),
        *(Wakeup("analyze_article", article_id) for article_id in fetched),
    )


def due_retags(deps: Deps, limit: int) -> Wakeups:
    """Wake the topics that are being applied again to stored articles."""
    with deps.reading() as session:
        due = retags.waiting_retags(session, now=deps.now(), limit=limit)
    return tuple(Wakeup("retag_articles", retag_id) for retag_id in due)


def due_reviews(deps: Deps, limit: int) -> Wakeups:
    """Wake the sites with something to judge, or with articles to be read again."""
    with deps.reading() as session:
        due = site_reviews.waiting_sites(session, now=deps.now(), limit=limit)
    return tuple(Wakeup("learn_site", site_id) for site_id in due)


def due_reclusterings(deps: Deps) -> Wakeups:
    """Wake the look at the story that changed longest ago; it goes on to the others by itself."""
    with deps.reading() as session:
        waiting = reclusterings.next_unsettled(session)
    return () if waiting is None else (Wakeup("recluster_stories", waiting),)


def due_refetches(deps: Deps, limit: int) -> Wakeups:
    """Wake the visits to pages that have changed."""
    with deps.reading() as session:
        due = rechecks.waiting_rechecks(session, state="due", now=deps.now(), limit=limit)
    return tuple(Wakeup("refetch_page", recheck_id) for recheck_id in due)


def due_rechecks(deps: Deps, limit: int) -> Wakeups:
    """Wake the reading of pages that were fetched once more."""
    with deps.reading() as session:
        due = rechecks.waiting_rechecks(session, state="fetched", now=deps.now(), limit=limit)
    return tuple(Wakeup("recheck_page", recheck_id) for recheck_id in due)


def due_digests(deps: Deps, limit: int) -> Wakeups:
    """Wake the digests that are due: more than `limit`, for they share their messages."""
    with deps.reading() as session:
        due = subscribers.due_subscriptions(session, now=deps.now(), limit=_SHARED * limit)
    return tuple(Wakeup("plan_digests", subscription_id) for subscription_id in due)


def due_deliveries(deps: Deps, limit: int) -> Wakeups:
    """Wake the deliveries whose next try has come."""
    with deps.reading() as session:
        due = outbox.waiting_deliveries(session, now=deps.now(), limit=limit)
    return tuple(Wakeup("deliver", delivery_id) for delivery_id in due)


SWEEPS: dict[str, tuple[Callable[[Deps, int], Wakeups], ...]] = {
    "fetch": (due_feeds, due_pages, due_refetches),
    "analyze": (due_analyses, due_rechecks, due_reviews, due_retags),
    "mail": (due_digests, due_deliveries),
}
"""By queue: what a sweep looks for."""

TICKS = {"fetch": "feeds", "mail": "digests"}
"""By queue: the tick that looking at it records."""


def look(deps: Deps, queue: str, *, room: int) -> Wakeups:
    """Return what waits for that queue, no more than there is room for.

    Doubles are harmless but not free: a queue that is full already gets no more of them. The clock has
    ticked all the same.
    """
    if queue in TICKS:
        with deps.transaction() as session:
            ticks.save_tick(session, TICKS[queue], now=deps.now())
    found: Wakeups = ()
    for sweep in SWEEPS[queue]:
        if len(found) < room:
            found += sweep(deps, room - len(found))
    return found


def keep_house(deps: Deps) -> dict[str, int]:
    """Delete what has outlived its use, at most once a day; return how much of what.

    The clock knocks every hour, so that a service restarted every morning is tidied all the same.
    """
    now, keep = deps.now(), deps.settings.keep
    with deps.transaction() as session:
        last = ticks.last_tick(session, HOUSEKEEPING)
        if last and now - last < timedelta(seconds=deps.settings.clock.housekeeping_seconds):
            return {}
        ticks.save_tick(session, HOUSEKEEPING, now=now)
        sample_months.prepare_months(session, now=now)
        return {
            "documents": documents.prune_documents(session, before=now - timedelta(days=keep.document_days)),
            "polls": polls.prune_polls(session, before=now - timedelta(days=keep.poll_days)),
            "messages": outbox.prune_messages(session, before=now - timedelta(days=keep.mail_days)),
            "sample_months": sample_months.prune_months(session, before=now - deps.copy_rules.window),
            "site_readings": site_rows.prune_sites(session, before=now - timedelta(days=keep.site_days)),
            "story_keys": story_rows.prune_keys(session, before=now - _OVER * deps.story_rules.window),
        }
