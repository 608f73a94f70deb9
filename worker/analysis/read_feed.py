"""The step that reads a feed's document: document → entries → new articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from worker import feeds
from worker.analysis.announcing import announce_all
from worker.analysis.hub_announcement import follow_hub
from worker.analysis.other_sites import name_owners
from worker.analysis.reading import BROKE_PROCESS
from worker.errors import DocumentError
from worker.feeds import ParsedFeed
from worker.feeds.sitemaps import MOST_LEVELS
from worker.retry import READ_RETRIES
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.step import Beats, Save, Saved, Wakeup, Wakeups
from worker.storage.articles import discoveries, documents, rechecks, shared_links
from worker.storage.articles.documents import DocumentRecord
from worker.storage.db.session import Session
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import FeedRecord
from worker.storage.sources import sitemap_feeds

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A document that was claimed, and the feed it is of."""

    document: DocumentRecord
    feed: FeedRecord

    @property
    def attempts(self) -> int:
        """How often reading it was begun."""
        return self.document.attempts


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the feed documents that wait to be read."""
    with deps.reading() as session:
        return documents.waiting_documents(session, now=deps.now(), limit=limit)


def read_feed(deps: BaseDeps, document_id: int) -> Wakeups:
    """Read the document's entries and store the articles that are not known yet."""
    beats = Beats(
        claim=_claim,
        is_held=lambda session, row: documents.is_held(session, row.document),
        tries=READ_RETRIES.attempts,
        give_up=partial(_give_up, deps, DocumentError("killed", BROKE_PROCESS)),
        work=partial(_read, deps, deps.now()),
    )
    return beats.take(deps, document_id)


def _claim(session: Session, document_id: int, *, now: datetime, lease: timedelta) -> FeedDocument | None:
    document = documents.claim_document(session, document_id, now=now, lease=lease)
    if document is None or document.feed_id is None:
        return None
    return FeedDocument(document, feed_rows.read_feed_record(session, document.feed_id))


def _read(deps: BaseDeps, now: datetime, row: FeedDocument) -> Save:
    document = row.document
    try:
        parsed = _parse(document, row.feed)
    except DocumentError as error:
        return Save(partial(_give_up, deps, error, row=row))
    return Save(partial(_save, deps, now, row, parsed))


def _parse(document: DocumentRecord, feed: FeedRecord) -> ParsedFeed:
    if feed.listing is not None:
        return feeds.read_listing(document.body, document.url, document.content_type, feed.listing)
    return feeds.parse_feed(document.body, document.url, document.content_type)


def _save(deps: BaseDeps, now: datetime, row: FeedDocument, parsed: ParsedFeed, session: Session) -> Saved:
    feed = row.feed
    announced = shared_links.keep_keys(session, feed.id, announce_all(feed, parsed, now=now))
    announced = name_owners(announced, feed, parsed)
    outlet = feed.outlet or feeds.outlet_name(feed.title or parsed.title)
    new = discoveries.discover(session, feed.id, outlet, announced, now=now)
    changed = discoveries.changed_entries(session, feed.id, announced)
    if feed.quiet_before is None:  # else the edits may have been told before a backup was put back
        rechecks.ask_again(session, changed, now=now)
    bounds = deps.poll_bounds.of_feed(feed.facts.shortest, feed.facts.longest)
    next_poll = feeds.next_poll_after_reading(
        feed.history, parsed, planned=feed.next_poll_at, any_new=bool(new), now=now, jitter=deps.jitter(),
        bounds=bounds,
    )  # fmt: skip
    feed_rows.save_reading(session, feed.id, parsed, new_entries=len(new), next_poll_at=next_poll, now=now)
    documents.mark_read(session, row.document.id)
    woken = tuple(Wakeup("fetch_page" if one.has_page else "analyze_article", one.id) for one in new)
    _follow_index(session, feed, parsed, now)
    return Saved((*woken, *follow_hub(deps, session, feed, row.document, parsed, any_new=bool(new))))


def _follow_index(session: Session, feed: FeedRecord, parsed: ParsedFeed, now: datetime) -> None:
    """Watch the sitemaps that an index names."""
    if parsed.format != feeds.SITEMAP_INDEX:
        return
    named = [link.url for link in parsed.links]
    if sitemap_feeds.follow_index(session, feed.id, named, levels=MOST_LEVELS, now=now) < 0:
        log.warning("sitemap index not followed", feed=feed.url, reason=f"it is within {MOST_LEVELS} others")


def _give_up(deps: BaseDeps, error: DocumentError, session: Session, row: FeedDocument) -> Saved:
    """Record as the feed's trouble that a document of it cannot be read."""
    feed, document_id = row.feed, row.document.id
    bounds = deps.poll_bounds.of_feed(feed.facts.shortest, feed.facts.longest)
    next_poll = feeds.next_poll_of_unreadable(feed.history, now=deps.now(), jitter=deps.jitter(), bounds=bounds)
    feed_rows.save_unreadable(session, feed.id, code=error.code, reason=str(error), next_poll_at=next_poll)
    documents.mark_failed(session, document_id, str(error))
    return Saved(
        says=partial(
            log.warning, "feed not readable", feed=feed.name, url=feed.url, document=document_id, reason=str(error)
        )
    )
