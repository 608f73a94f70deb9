"""Feeds: added, listed, due, and marked with what reading them brought."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Feed
from worker.feeds import (
    FeedFacts,
    FeedHealth,
    ListingRules,
    ParsedFeed,
    PollHints,
    PollHistory,
    assess,
    merged_times,
    pace_of,
)
from worker.storage.db.hashes import string_hash
from worker.storage.db.inserts import insert_missing
from worker.storage.feeds.feed_claims import is_free
from worker.storage.feeds.former_addresses import FIRST_ADDRESS, confirm_moves, feeds_known_as, forget_left, host_of
from worker.storage.feeds.poll_hints import hints_from_json, hints_to_json


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed to watch; all but the address may be empty and is then learned from the feed.

    With `listing` it is a page that lists articles, read by those rules.
    """

    url: str
    title: str = ""
    outlet: str = ""
    site: str = ""
    category: str = ""
    language: str | None = None
    listing: ListingRules | None = None


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """A stored feed, as the pipeline and people see it. `first_url` stays when the feed moves to another address.

    What it lists from before `quiet_before` when it is next read may have been told already.
    """

    id: int
    url: str
    first_url: str
    title: str
    outlet: str
    site: str
    category: str
    language: str | None
    active: bool
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    history: PollHistory
    facts: FeedFacts
    next_poll_at: datetime
    last_read_at: datetime | None
    quiet_before: datetime | None = None
    listing: ListingRules | None = None

    @property
    def name(self) -> str:
        """The best name there is for the feed's publisher."""
        return self.outlet or self.title or self.url

    def assess(self, now: datetime) -> FeedHealth:
        """Return how the feed fares."""
        return assess(self.facts, now=now)


AssessedFeed = tuple[FeedRecord, FeedHealth]


def add_feeds(
    session: Session, feeds: Sequence[NewFeed], *, now: datetime, wake: bool = True, again: bool = False
) -> int:
    """Add the feeds that are not there yet, due at once; return how many are new.

    A feed that has moved is there under the addresses it has left, too; with `again`, such an address has got a feed
    of its own once more. One that redirects to a given address moves there, and is called what is given. With `wake`,
    those that a person removed are watched again; without, they stay removed.
    """
    wanted = {feed.url: feed for feed in feeds}
    if again:
        forget_left(session, wanted)
    known = feeds_known_as(session, wanted)
    for row in confirm_moves(session, [url for url in wanted if string_hash(url) not in known], now=now):
        known[row.url_hash] = row
        for name in ("title", "outlet", "site", "category", "language"):
            setattr(row, name, getattr(wanted[row.url], name) or getattr(row, name))
    for row in known.values():
        if row.url in wanted and (rules := wanted[row.url].listing) is not None:
            row.listing, row.body_hash, row.etag, row.last_modified = asdict(rules), None, None, None
            row.next_poll_at = now
        if wake and not row.active:
            row.active, row.next_poll_at, row.gone, row.gone_since = True, now, False, None
    rows = [_new_row(feed, now) for feed in wanted.values() if string_hash(feed.url) not in known]
    insert_missing(session, Feed, rows, by=("url_hash",))
    return len(rows)


def remove_feed(session: Session, url: str) -> bool:
    """Stop watching the feed; its articles stay. False when it is not watched."""
    row = feeds_known_as(session, [url]).get(string_hash(url))
    if row is None or not row.active:
        return False
    row.active = False
    return True


def watched_feed(session: Session, urls: Sequence[str]) -> FeedRecord | None:
    """Return the first of these feeds that is watched, each known under any address it has had; None for none."""
    known = feeds_known_as(session, urls)
    found = (row for url in urls if (row := known.get(string_hash(url))) is not None and row.active)
    row = next(found, None)
    return None if row is None else read_feed_record(session, row.id)


def list_feeds(session: Session) -> list[FeedRecord]:
    """Return the watched feeds by name."""
    listed = select(Feed, FIRST_ADDRESS).where(Feed.active).order_by(Feed.outlet, Feed.title, Feed.id)
    rows = session.execute(listed).all()
    watched = {row.url for row, _ in rows}
    return [_record(row, first, moved_onto_another=row.moved_to in watched) for row, first in rows]


def assess_feeds(session: Session, *, now: datetime) -> list[AssessedFeed]:
    """Return every feed that is watched, and how it fares."""
    return [(feed, feed.assess(now)) for feed in list_feeds(session)]


def due_feeds(session: Session, *, now: datetime, limit: int, of_one_host: int | None = None) -> list[int]:
    """Return the ids of the feeds to poll now: of each host the longest overdue, then of each the next.

    So no host keeps the others from being chosen. `of_one_host` is how many of one are wanted at most. Those chosen of
    one host stand together, so that one visitor may ask for them, one after the other.
    """
    turn = func.row_number().over(partition_by=Feed.host, order_by=(Feed.next_poll_at, Feed.id)).label("turn")
    may = (Feed.active, ~Feed.paused, Feed.next_poll_at <= now, is_free(now))
    due = select(Feed.id, Feed.host, Feed.next_poll_at, turn).where(*may).subquery()
    fair = select(due.c.host, due.c.id).order_by(due.c.turn, due.c.next_poll_at, due.c.id).limit(limit)
    chosen: dict[str, list[int]] = {}
    for host, feed_id in session.execute(fair if of_one_host is None else fair.where(due.c.turn <= of_one_host)):
        chosen.setdefault(host, []).append(feed_id)
    return list(itertools.chain.from_iterable(chosen.values()))


def read_feed_record(session: Session, feed_id: int) -> FeedRecord:
    """Return the feed with this id; it must be there."""
    return _record(*session.execute(select(Feed, FIRST_ADDRESS).where(Feed.id == feed_id)).one())


def save_reading(
    session: Session,
    feed_id: int,
    parsed: ParsedFeed,
    *,
    new_entries: int,
    next_poll_at: datetime,
    now: datetime,
) -> None:
    """Record what a feed document said of the feed itself."""
    row = session.get_one(Feed, feed_id)
    row.title = row.title or parsed.title
    row.site = row.site or parsed.link
    row.language = row.language or (parsed.language or "")[:16] or None
    row.hints = hints_to_json(parsed.hints) if parsed.hints != PollHints() else None
    times = merged_times(_times(row), parsed, now, any_new=new_entries > 0)
    row.entry_times = [time.isoformat() for time in times]
    row.pace = [(count, oldest.isoformat()) for count, oldest in pace_of(times, now).counts]
    row.remarks, row.truncated = list(parsed.troubles), parsed.truncated
    row.next_poll_at, row.last_read_at, row.quiet_before = next_poll_at, now, None
    mark_success(row, now)
    if new_entries:
        row.last_new_entry_at = now


def save_unreadable(session: Session, feed_id: int, *, code: str, reason: str, next_poll_at: datetime) -> None:
    """Record that what the feed serves cannot be read; the same bytes will not be read again."""
    row = session.get_one(Feed, feed_id)
    row.error_code, row.error, row.next_poll_at = code, reason, next_poll_at
    row.failures += 1


def mark_success(row: Feed, at: datetime) -> None:
    """Mark that the feed was had, and could be read."""
    row.failures, row.error_code, row.error, row.last_success_at = 0, None, None, at


def minutes_of(stored: float | None) -> timedelta | None:
    """Return a number of minutes as a duration; what is not set stays so."""
    return None if stored is None else timedelta(minutes=stored)


def _times(row: Feed) -> list[datetime]:
    return [datetime.fromisoformat(time) for time in row.entry_times or ()]


def _new_row(feed: NewFeed, now: datetime) -> dict[str, object]:
    return {
        "url": feed.url, "url_hash": string_hash(feed.url), "host": host_of(feed.url), "title": feed.title,
        "outlet": feed.outlet, "site": feed.site, "category": feed.category, "language": feed.language,
        "added_at": now, "next_poll_at": now, "listing": asdict(feed.listing) if feed.listing else None,
    }  # fmt: skip


def _record(row: Feed, first_url: str | None, *, moved_onto_another: bool = False) -> FeedRecord:
    times = tuple(_times(row))
    return FeedRecord(
        id=row.id, url=row.url, first_url=first_url or row.url, title=row.title, outlet=row.outlet, site=row.site,
        category=row.category, language=row.language, active=row.active, etag=row.etag, last_modified=row.last_modified,
        body_hash=row.body_hash, next_poll_at=row.next_poll_at, last_read_at=row.last_read_at,
        history=PollHistory(
            times, row.failures, hints_from_json(row.hints), first_polled=row.added_at, fresh_for=_fresh_for(row),
            told_until=row.told_until,
        ),
        facts=replace(_facts(row, times), moved_onto_another=moved_onto_another), quiet_before=row.quiet_before,
        listing=ListingRules(**row.listing) if row.listing else None,
    )  # fmt: skip


def _facts(row: Feed, times: tuple[datetime, ...]) -> FeedFacts:
    return FeedFacts(
        first_polled=row.added_at, last_success=row.last_success_at, last_new_entry=row.last_new_entry_at,
        entry_times=times, failures=row.failures, last_error_reason=row.error_code or "",
        last_error_text=row.error or "", moved_to=row.moved_to, gone=row.gone,
        truncated=row.truncated, decay=row.decay or "", decayed_since=row.decayed_since,
        crawl_delay=timedelta(seconds=row.crawl_delay or 0), fresh_for=_fresh_for(row),
        paused=row.paused, shortest=minutes_of(row.shortest), longest=minutes_of(row.longest),
    )  # fmt: skip


def _fresh_for(row: Feed) -> timedelta | None:
    return timedelta(seconds=row.fresh_for) if row.fresh_for else None
