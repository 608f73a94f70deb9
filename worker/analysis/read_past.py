"""The step that reads a page of a feed's past: its bytes → entries → articles that are mailed to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from worker import feeds
from worker.analysis.announcing import announce_all
from worker.analysis.other_sites import name_owners
from worker.analysis.reading import BROKE_PROCESS
from worker.errors import DocumentError
from worker.feeds import past
from worker.feeds.past import PastReading
from worker.retry import READ_RETRIES
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.step import Beats, Save, Saved, Wakeup, Wakeups
from worker.storage.articles import article_rows, discoveries, shared_links
from worker.storage.articles.discoveries import Discovered
from worker.storage.db.session import Session
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import FeedRecord
from worker.storage.sources import backfills
from worker.storage.sources.backfills import PastRecord

_SHARE = 2  # the past takes every second turn of a host at most, so that news need not wait for it

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the pages of feeds' pasts that wait to be read."""
    with deps.reading() as session:
        return backfills.waiting_pages(session, state="fetched", now=deps.now(), limit=limit)


def read_past(deps: BaseDeps, page_id: int) -> Wakeups:
    """Read the page, store the articles of the wanted time, and look on the pages it leads to."""
    beats = Beats(
        claim=backfills.claim_fetched,
        is_held=backfills.is_held,
        tries=READ_RETRIES.attempts,
        give_up=partial(_give_up, deps, BROKE_PROCESS),
        work=partial(_read, deps),
    )
    return beats.take(deps, page_id)


def _read(deps: BaseDeps, row: PastRecord) -> Save:
    with deps.reading() as session:
        feed = feed_rows.read_feed_record(session, row.feed_id)
    try:
        reading = past.read_past(row.body, row.found_at, row.content_type, row.page, row.span, feed.listing)
    except DocumentError as error:
        return Save(partial(_give_up, deps, str(error), row=row))
    return Save(partial(_save, deps, row, feed, reading))


def _save(deps: BaseDeps, row: PastRecord, feed: FeedRecord, reading: PastReading, session: Session) -> Saved:
    new = _discover(deps, session, row, feed, reading)
    goes_on = row.page.level == 0 or row.page.kind != "feed" or reading.oldest is not None or bool(new)
    ahead = reading.ahead if goes_on else ()
    backfills.save_progress(session, row.backfill_id, articles=len(new), until=reading.until, reached=reading.oldest)
    has_room = backfills.add_pages(session, row.backfill_id, ahead, most=past.MOST_PAGES)
    full = not backfills.room_for_articles(session, row.backfill_id, most=past.MOST_ARTICLES)
    return _finish(deps, session, row, new, reason="" if has_room and not full else _bound(full=full))


def _bound(*, full: bool) -> str:
    most = f"{past.MOST_ARTICLES:,} articles" if full else f"{past.MOST_PAGES} pages"
    return f"no more than {most} of a feed's past are fetched"


def _discover(
    deps: BaseDeps, session: Session, row: PastRecord, feed: FeedRecord, reading: PastReading
) -> list[Discovered]:
    """Store what is new, each to be fetched at a time of its own."""
    now = deps.now()
    room = backfills.room_for_articles(session, row.backfill_id, most=past.MOST_ARTICLES)
    parsed = replace(reading.parsed, entries=reading.entries[:room])
    announced = shared_links.keep_keys(session, feed.id, announce_all(feed, parsed, now=now))
    quiet = [replace(article, mailable=False) for article in name_owners(announced, feed, parsed)]
    outlet = feed.outlet or feeds.outlet_name(feed.title)
    new = discoveries.discover(session, feed.id, outlet, quiet, now=now)
    apart = _SHARE * timedelta(seconds=deps.settings.fetch.spacing_seconds)
    paged = [one for one in new if one.has_page]
    turns = backfills.take_turns(session, row.backfill_id, len(paged), apart=apart, now=now)
    for one, turn in zip(paged, turns, strict=True):
        article_rows.save_retry(session, one.id, at=turn, reason=None)
    return new


def _finish(deps: BaseDeps, session: Session, row: PastRecord, new: Sequence[Discovered], *, reason: str) -> Saved:
    backfills.save_done(session, row.id)
    ended = backfills.finish_if_done(session, row.backfill_id, now=deps.now(), reason=reason)
    woken = tuple(Wakeup("analyze_article", one.id) for one in new if not one.has_page)
    if not ended:
        return Saved(woken)
    return Saved(woken, partial(log.info, "past of a feed fetched", feed=row.feed_url, reason=reason or "all there is"))


def _give_up(deps: BaseDeps, reason: str, session: Session, row: PastRecord) -> Saved:
    """Look elsewhere for what cannot be read; where that is the feed itself, its past has ended."""
    backfills.save_done(session, row.id, failed=True)
    first = row.page.kind == "feed" and row.page.level == 0
    backfills.add_pages(session, row.backfill_id, () if first else past.after_failure(row.page), most=past.MOST_PAGES)
    backfills.finish_if_done(session, row.backfill_id, now=deps.now(), reason=reason if first else "")
    return Saved(says=partial(log.warning, "page of the past not readable", feed=row.feed_url, reason=reason))
