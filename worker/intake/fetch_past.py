"""The step that gets a page on which a feed's past is looked for: page → HTTP → its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from worker.errors import FetchError
from worker.feeds import past
from worker.feeds.past import PastPage
from worker.intake.visits import HostBusy, Visited, visit
from worker.net import ACCEPT_FEED, FetchedResource
from worker.retry import PAGE_RETRIES
from worker.setup.base_deps import BaseDeps
from worker.setup.intake_deps import IntakeDeps
from worker.setup.logs import get_log
from worker.step import Beats, Save, Saved, Wakeup, Wakeups
from worker.storage.db.session import Session
from worker.storage.sources import backfills
from worker.storage.sources.backfills import PastRecord

_BROKE_OFF = "fetching a page of it broke off every time: a process died"
_REMOVED = "the feed is watched no more"

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the pages that are to be asked for now."""
    with deps.reading() as session:
        return backfills.waiting_pages(session, state="waiting", now=deps.now(), limit=limit)


def fetch_past(deps: IntakeDeps, page_id: int) -> Wakeups:
    """Get the page in its host's turn, where robots.txt lets us; what cannot be had is looked for elsewhere."""
    beats = Beats(
        claim=backfills.claim_waiting,
        is_held=backfills.is_held,
        tries=PAGE_RETRIES.attempts,
        give_up=partial(_give_up, deps),
        work=partial(_request, deps),
    )
    return beats.take(deps, page_id)


def _request(deps: IntakeDeps, row: PastRecord) -> Save:
    if not row.is_watched:
        return Save(partial(_end, deps, row))
    return Save(partial(_save, deps, row, visit(deps, row.page.url, accept=ACCEPT_FEED)))


def _end(deps: IntakeDeps, row: PastRecord, session: Session) -> Saved:
    backfills.finish_if_done(session, row.backfill_id, now=deps.now(), reason=_REMOVED)
    return Saved()


def _give_up(deps: IntakeDeps, session: Session, row: PastRecord) -> Saved:
    return _missed(deps, session, row, _BROKE_OFF)


def _save(deps: IntakeDeps, row: PastRecord, answer: Visited, session: Session) -> Saved:
    now = deps.now()
    if isinstance(answer, HostBusy):
        backfills.save_retry(session, row.id, at=now + answer.wait, counted=False)
        return Saved()
    if isinstance(answer, FetchedResource):
        backfills.save_had(session, row.id, found_at=answer.url, content_type=answer.content_type, body=answer.body)
        return Saved((Wakeup("read_past", row.id),))
    error = answer if isinstance(answer, FetchError) else None
    asked = error.retry_after if error else None
    again = PAGE_RETRIES.next_try(row.attempts, now=now, jitter=deps.jitter(), asked=asked)
    if error is not None and error.transient and again is not None:
        backfills.save_retry(session, row.id, at=again)
        return Saved()
    return _missed(deps, session, row, error.why if error else "answered 304 to a plain request")


def _missed(deps: IntakeDeps, session: Session, row: PastRecord, reason: str) -> Saved:
    """Look elsewhere; where the feed itself cannot be had, its past cannot either."""
    backfills.save_done(session, row.id, failed=True)
    elsewhere = _elsewhere(row.page)
    backfills.add_pages(session, row.backfill_id, elsewhere, most=past.MOST_PAGES)
    first = row.page.kind == "feed" and row.page.level == 0
    backfills.finish_if_done(session, row.backfill_id, now=deps.now(), reason=reason if first else "")
    return Saved(says=partial(log.info, "page of the past not had", feed=row.feed_url, reason=reason))


def _elsewhere(page: PastPage) -> tuple[PastPage, ...]:
    if page.kind == "robots":
        return past.without_robots(page)
    return past.after_failure(page) if page.level else ()
