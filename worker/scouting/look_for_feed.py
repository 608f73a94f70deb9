"""The step that looks for the feed a person at the desk means, and reads enough of it to be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

from worker.analysis.document_pool import Source, read_one
from worker.errors import ConfigurationError, DocumentError, FetchError
from worker.scouting.feed_search import FoundFeed, find_feed
from worker.setup.base_deps import BaseDeps
from worker.setup.intake_deps import IntakeDeps
from worker.step import Beats, Save, Saved, Wakeups
from worker.storage.db.session import Session
from worker.storage.feeds import feed_searches
from worker.storage.feeds.feed_searches import FeedSearchRecord

_LEASE = timedelta(minutes=5)  # many addresses may be tried, politely, each up to the limit of a fetch
_TRIES = 2
_LINES, _LINE = 40, 300  # of a page, and characters of each
_REASON = 2_000


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the searches to be done."""
    with deps.reading() as session:
        return feed_searches.waiting_searches(session, now=deps.now(), limit=limit)


def look_for_feed(deps: IntakeDeps, search_id: int) -> Wakeups:
    """Look for the feed, and keep what is found of it."""
    beats = Beats(
        claim=feed_searches.claim_search, is_held=feed_searches.is_held, work=partial(_look, deps),
        give_up=_give_up, tries=_TRIES,
    )  # fmt: skip
    return beats.take(deps, search_id, lease=_LEASE)


def _look(deps: IntakeDeps, row: FeedSearchRecord) -> Save:
    try:
        found = find_feed(deps, row.address, force=False)
    except (ConfigurationError, FetchError) as error:
        return Save(partial(_save_failure, row, str(error).replace("; to add it all the same, use --force", "")))
    page = _first_page(deps, found)
    return Save(partial(_save_found, row, {**asdict(found), "page": page}))


def _first_page(deps: IntakeDeps, found: FoundFeed) -> Mapping[str, Any] | None:
    """What would be kept and removed of the page of the first entry that has one; None where it cannot be had."""
    from worker import net

    url = next((entry.url for entry in found.entries if entry.url), "")
    if not url:
        return None
    try:
        answer = deps.fetcher.fetch(url, accept=net.ACCEPT_PAGE)
        if not isinstance(answer, net.FetchedResource):
            return None
        source = Source(answer.body, answer.url, answer.content_type)
        read = read_one("account", source, deps.settings.analyze)
    except (FetchError, DocumentError) as error:
        return {"url": url, "title": "", "lines": [], "words": 0, "fault": str(error)[:_REASON]}
    lines = [[line["line"][:_LINE], line["rule"]] for line in read["lines"][:_LINES]]
    return {"url": url, "title": read["title"], "lines": lines, "words": len(read["text"].split()), "fault": ""}


def _save_found(row: FeedSearchRecord, found: Mapping[str, Any], session: Session) -> Saved:
    feed_searches.save_found(session, row.id, found)
    return Saved()


def _save_failure(row: FeedSearchRecord, reason: str, session: Session) -> Saved:
    feed_searches.save_failure(session, row.id, reason[:_REASON])
    return Saved()


def _give_up(session: Session, row: FeedSearchRecord) -> Saved:
    feed_searches.save_failure(session, row.id, "what is there ended the process that read it, twice")
    return Saved()
