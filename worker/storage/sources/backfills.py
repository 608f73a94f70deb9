"""Feeds' pasts: asked for, the pages on which they are looked for, and how far each has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, undefer

from models import Backfill, BackfillPage, Feed
from worker.feeds.past import Kind, PastPage, Span
from worker.storage.db.claims import claim, still_held, waiting
from worker.storage.db.hashes import string_hash
from worker.storage.db.inserts import insert_missing
from worker.storage.db.packing import pack, unpack

_OPEN = ("waiting", "fetched")


@dataclass(frozen=True, slots=True)
class PastRecord:
    """A page that was claimed, with its bytes once they were had."""

    id: int
    backfill_id: int
    feed_id: int
    page: PastPage
    span: Span
    is_watched: bool
    feed_url: str
    attempts: int
    lease_until: datetime | None
    found_at: str = ""
    content_type: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class BackfillStatus:
    """How a feed's past stands: what was wanted, how far it has come, what it brought, why it ended."""

    url: str
    since: datetime
    reached: datetime
    asked_at: datetime
    finished_at: datetime | None
    pages: int
    articles: int
    reason: str


def ask_past(session: Session, feed_id: int, first: PastPage, span: Span, *, now: datetime) -> bool:
    """Have a feed's past fetched; False where that is being done already. One that is finished is forgotten."""
    known = session.scalar(select(Backfill).where(Backfill.feed_id == feed_id))
    if known is not None and known.finished_at is None:
        return False
    session.execute(delete(Backfill).where(Backfill.feed_id == feed_id))
    row = Backfill(
        feed_id=feed_id, since=span.since, until=span.until, reached=span.reached, asked_at=now, next_article_at=now
    )
    session.add(row)
    session.flush()
    add_pages(session, row.id, [first], most=1)
    return True


def add_pages(session: Session, backfill_id: int, pages: Sequence[PastPage], *, most: int) -> bool:
    """Look on these pages too, each address once and `most` in all; whether all of them had room."""
    known = session.scalar(
        select(func.count()).select_from(BackfillPage).where(BackfillPage.backfill_id == backfill_id)
    )
    room = max(most - (known or 0), 0)
    rows = [
        {
            "backfill_id": backfill_id, "url": page.url, "url_hash": string_hash(page.url), "kind": page.kind,
            "level": page.level, "state": "waiting", "attempts": 0,
        }
        for page in pages[:room]
    ]  # fmt: skip
    insert_missing(session, BackfillPage, rows, by=("url_hash",))
    return len(pages) <= room


def waiting_pages(session: Session, *, state: str, now: datetime, limit: int) -> list[int]:
    """Return the pages that could be claimed in that state now."""
    return waiting(session, BackfillPage, states=(state,), now=now, limit=limit)


def claim_page(session: Session, page_id: int, *, state: str, now: datetime, lease: timedelta) -> PastRecord | None:
    """Lease a page in that state, or return None when it is not to be had."""
    if not claim(session, BackfillPage, page_id, states=(state,), now=now, lease=lease):
        return None
    found = select(BackfillPage, Backfill, Feed.active, Feed.url).join(
        Backfill, Backfill.id == BackfillPage.backfill_id
    )
    found = found.join(Feed, Feed.id == Backfill.feed_id).where(BackfillPage.id == page_id)
    row, past, active, url = session.execute(found.options(undefer(BackfillPage.body))).one()
    return PastRecord(
        row.id, past.id, past.feed_id, PastPage(row.url, cast("Kind", row.kind), row.level),
        Span(past.since, past.until, past.reached), active, url, row.attempts, row.lease_until,
        row.found_at or row.url, row.content_type or "", unpack(row.body) if row.body else b"",
    )  # fmt: skip


claim_waiting, claim_fetched = partial(claim_page, state="waiting"), partial(claim_page, state="fetched")


def is_held(session: Session, page: PastRecord) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return page.lease_until is not None and still_held(session, BackfillPage, page.id, page.lease_until)


def save_had(session: Session, page_id: int, *, found_at: str, content_type: str, body: bytes) -> None:
    """Keep a page's bytes until they are read."""
    _save(session, page_id, state="fetched", attempts=0, next_try_at=None, found_at=found_at,
          content_type=content_type, body=pack(body))  # fmt: skip


def save_retry(session: Session, page_id: int, *, at: datetime, counted: bool = True) -> None:
    """Ask for the page again at that moment; not `counted` where its host was busy."""
    uncounted = {} if counted else {"attempts": BackfillPage.attempts - 1}
    _save(session, page_id, next_try_at=at, **uncounted)


def save_done(session: Session, page_id: int, *, failed: bool = False) -> None:
    """There is nothing more to be had of this page."""
    _save(session, page_id, state="failed" if failed else "read", body=None)


def save_progress(
    session: Session, backfill_id: int, *, articles: int, until: datetime | None, reached: datetime | None
) -> None:
    """Count a page that was read, and how far back it went."""
    row = session.get_one(Backfill, backfill_id, populate_existing=True)
    row.pages, row.articles = row.pages + 1, row.articles + articles
    row.until = until or row.until
    row.reached = min(row.reached, reached or row.reached, until or row.reached)


def room_for_articles(session: Session, backfill_id: int, *, most: int) -> int:
    """Return how many articles the backfill may still bring."""
    return max(most - (session.scalar(select(Backfill.articles).where(Backfill.id == backfill_id)) or 0), 0)


def take_turns(session: Session, backfill_id: int, count: int, *, apart: timedelta, now: datetime) -> list[datetime]:
    """Return when to fetch so many articles, one after the other, behind those that were given a turn before."""
    row = session.get_one(Backfill, backfill_id, populate_existing=True)
    first = max(row.next_article_at, now)
    row.next_article_at = first + count * apart
    return [first + number * apart for number in range(count)]


def finish_if_done(session: Session, backfill_id: int, *, now: datetime, reason: str = "") -> bool:
    """End the backfill where no page of it is left, or for that reason; whether it has ended."""
    open_pages = select(BackfillPage.id).where(BackfillPage.backfill_id == backfill_id, BackfillPage.state.in_(_OPEN))
    if not reason and session.scalar(open_pages.limit(1)) is not None:
        return False
    ended = update(Backfill).where(Backfill.id == backfill_id, Backfill.finished_at.is_(None))
    session.execute(ended.values(finished_at=now, reason=reason or None))
    session.execute(delete(BackfillPage).where(BackfillPage.backfill_id == backfill_id))
    return True


def list_backfills(session: Session) -> list[BackfillStatus]:
    """Return all of them, the newest first."""
    columns = (
        Feed.url, Backfill.since, Backfill.reached, Backfill.asked_at, Backfill.finished_at, Backfill.pages,
        Backfill.articles, Backfill.reason,
    )  # fmt: skip
    listed = select(*columns).join(Feed, Feed.id == Backfill.feed_id).order_by(Backfill.asked_at.desc(), Backfill.id)
    return [BackfillStatus(*row[:-1], reason=row[-1] or "") for row in session.execute(listed)]


def _save(session: Session, page_id: int, **values: object) -> None:
    session.execute(
        update(BackfillPage).where(BackfillPage.id == page_id).values(lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
