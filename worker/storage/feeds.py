"""Feeds: added, claimed for a poll, and marked with how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models import Feed, FeedPoll
from worker.errors import FetchReason
from worker.feeds import FeedFacts, ParsedFeed, PollHistory
from worker.storage.claims import still_held
from worker.storage.hashes import string_hash
from worker.storage.hints import hints_from_json, hints_to_json
from worker.storage.inserts import insert_missing

_REMEMBERED_TIMES = 50
_MOVE_SIGHTINGS = 3
_MOVE_AGE = timedelta(hours=24)
_LONGEST_WAIT = timedelta(hours=24)
_GONE_AGE = timedelta(hours=24)
_FETCH_FAULTS = frozenset(reason.value for reason in FetchReason)


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed to watch; all but the address may be empty and is then learned from the feed."""

    url: str
    title: str = ""
    outlet: str = ""
    site: str = ""
    category: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """A stored feed, as the pipeline and people see it."""

    id: int
    url: str
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
    lease_until: datetime | None

    @property
    def name(self) -> str:
        """The best name there is for the feed's publisher."""
        return self.outlet or self.title or self.url


@dataclass(frozen=True, slots=True)
class Poll:
    """How one poll went: `outcome` is new, unchanged or failed."""

    at: datetime
    outcome: str
    next_poll_at: datetime
    status: int | None = None
    elapsed: timedelta = timedelta()
    size: int = 0
    code: str | None = None
    reason: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    moved_to: str | None = None
    gone: bool = False


def add_feeds(session: Session, feeds: Sequence[NewFeed], *, now: datetime, wake: bool = True) -> int:
    """Add the feeds that are not there yet, due at once; return how many are new.

    With `wake`, those that a person removed are watched again; without, they stay removed.
    """
    wanted = {string_hash(feed.url): feed for feed in feeds}
    known = {row.url_hash: row for row in session.scalars(select(Feed).where(Feed.url_hash.in_(wanted)))}
    for row in known.values():
        if wake and not row.active:
            row.active, row.next_poll_at, row.gone, row.gone_since = True, now, False, None
    rows = [
        {
            "url": feed.url, "url_hash": key, "title": feed.title, "outlet": feed.outlet, "site": feed.site,
            "category": feed.category, "language": feed.language, "added_at": now, "next_poll_at": now,
        }
        for key, feed in wanted.items() if key not in known
    ]  # fmt: skip
    insert_missing(session, Feed, rows, by=("url_hash",))
    return len(rows)


def remove_feed(session: Session, url: str) -> bool:
    """Stop watching the feed; its articles stay. False when it is not watched."""
    row = session.scalar(select(Feed).where(Feed.url_hash == string_hash(url), Feed.active))
    if row is None:
        return False
    row.active = False
    return True


def list_feeds(session: Session) -> list[FeedRecord]:
    """Return the watched feeds by name."""
    rows = session.scalars(select(Feed).where(Feed.active).order_by(Feed.outlet, Feed.title, Feed.id))
    return [_record(row) for row in rows]


def due_feeds(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return the ids of the feeds to poll now, the longest overdue first."""
    statement = (
        select(Feed.id)
        .where(Feed.active, Feed.next_poll_at <= now, or_(Feed.lease_until.is_(None), Feed.lease_until <= now))
        .order_by(Feed.next_poll_at)
        .limit(limit)
    )
    return list(session.scalars(statement))


def claim_feed(session: Session, feed_id: int, *, now: datetime, lease: timedelta) -> FeedRecord | None:
    """Lease a due feed, or return None when it is not due, not watched or another worker has it.

    A poll that never ends (its process dies) is not begun again at once: each one in a row doubles the
    wait, up to a day, and says so in the feed's error. `save_poll` sets all of that right.
    """
    row = session.get(Feed, feed_id)
    if row is None:
        return None
    wait = min(lease * 2 ** min(row.unfinished, 16), _LONGEST_WAIT)
    claimed = session.connection().execute(
        update(Feed)
        .where(
            Feed.id == feed_id,
            Feed.active,
            Feed.next_poll_at <= now,
            or_(Feed.lease_until.is_(None), Feed.lease_until <= now),
        )
        .values(lease_until=now + lease, next_poll_at=now + wait, unfinished=Feed.unfinished + 1)
    )
    if claimed.rowcount != 1:
        return None
    session.expire(row)
    if row.unfinished > 1:
        row.error_code, row.error = "unfinished", f"its poll broke off {row.unfinished - 1} times: a process died"
    return _record(row)


def is_held(session: Session, feed: FeedRecord) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return feed.lease_until is not None and still_held(session, Feed, feed.id, feed.lease_until)


def read_feed_record(session: Session, feed_id: int) -> FeedRecord:
    """Return the feed with this id; it must be there."""
    return _record(session.get_one(Feed, feed_id))


def save_poll(session: Session, feed_id: int, poll: Poll) -> None:
    """Record how a poll went, free the feed and set its next one.

    A new document is a success only once it has been read (`save_reading`), and an unchanged one only
    when it could be: so a feed that serves something else than a feed comes to count as failing.
    """
    row = session.get_one(Feed, feed_id)
    row.lease_until, row.last_polled_at, row.next_poll_at = None, poll.at, poll.next_poll_at
    row.unfinished = 0
    if poll.outcome == "failed":
        _mark_failed(row, poll)
    else:
        _mark_answered(row, poll)
        _mark_moved(session, row, poll)
    session.add(
        FeedPoll(
            feed_id=feed_id, at=poll.at, outcome=poll.outcome, status=poll.status, size=poll.size,
            milliseconds=round(poll.elapsed.total_seconds() * 1000), reason=poll.reason,
        )
    )  # fmt: skip


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
    row.hints = hints_to_json(parsed.hints)
    row.entry_times = [time.isoformat() for time in merged_times(_times(row), parsed, now)]
    row.remarks, row.truncated = list(parsed.troubles), parsed.truncated
    row.next_poll_at, row.last_read_at = next_poll_at, now
    _mark_success(row, now)
    if new_entries:
        row.last_new_entry_at = now


def save_unreadable(session: Session, feed_id: int, *, code: str, reason: str) -> None:
    """Record that what the feed serves cannot be read; the same bytes will not be read again."""
    row = session.get_one(Feed, feed_id)
    row.error_code, row.error = code, reason
    row.failures += 1


def prune_polls(session: Session, *, before: datetime) -> int:
    """Delete the records of polls older than that."""
    return session.connection().execute(delete(FeedPoll).where(FeedPoll.at < before)).rowcount


def merged_times(known: Sequence[datetime], parsed: ParsedFeed, now: datetime) -> list[datetime]:
    """Return when entries appeared, newest first: what was known and what the document adds."""
    said = {entry.published for entry in parsed.entries if entry.published and entry.published <= now}
    return sorted(said | set(known), reverse=True)[:_REMEMBERED_TIMES]


def _mark_answered(row: Feed, poll: Poll) -> None:
    row.etag, row.last_modified, row.body_hash = poll.etag, poll.last_modified, poll.body_hash
    row.gone_since, row.gone = None, False
    if poll.outcome == "unchanged" and _is_unreadable(row):
        row.failures += 1
    elif poll.outcome == "unchanged":
        _mark_success(row, poll.at)


def _mark_success(row: Feed, at: datetime) -> None:
    row.failures, row.error_code, row.error, row.last_success_at = 0, None, None, at


def _mark_failed(row: Feed, poll: Poll) -> None:
    if _is_unreadable(row):
        # Why is about to be forgotten: the same bytes have to come and be read again to tell.
        row.etag = row.last_modified = row.body_hash = None
    row.failures += 1
    row.error_code, row.error = poll.code, poll.reason
    _mark_gone(row, poll)


def _is_unreadable(row: Feed) -> bool:
    """Whether the feed was had, and what it serves could not be read."""
    return row.error_code is not None and row.error_code not in _FETCH_FAULTS


def _mark_gone(row: Feed, poll: Poll) -> None:
    if not poll.gone:
        row.gone_since = None
    elif row.gone_since is None:
        row.gone_since = poll.at
    elif poll.at - row.gone_since >= _GONE_AGE:
        row.gone = True


def _mark_moved(session: Session, row: Feed, poll: Poll) -> None:
    """Store a new address only when three polls over a day agree: one wrong redirect loses no feed."""
    if poll.moved_to is None or poll.moved_to == row.url:
        row.moved_to, row.moved_since, row.moved_sightings = None, None, 0
        return
    if poll.moved_to != row.moved_to:
        row.moved_to, row.moved_since, row.moved_sightings = poll.moved_to, poll.at, 1
        return
    row.moved_sightings += 1
    since = row.moved_since or poll.at
    target = string_hash(poll.moved_to)
    taken = session.scalar(select(Feed.id).where(Feed.url_hash == target, Feed.id != row.id))
    if row.moved_sightings >= _MOVE_SIGHTINGS and poll.at - since >= _MOVE_AGE and taken is None:
        row.url, row.url_hash = poll.moved_to, target


def _times(row: Feed) -> list[datetime]:
    return [datetime.fromisoformat(time) for time in row.entry_times or ()]


def _record(row: Feed) -> FeedRecord:
    times = tuple(_times(row))
    return FeedRecord(
        id=row.id, url=row.url, title=row.title, outlet=row.outlet, site=row.site, category=row.category,
        language=row.language, active=row.active, etag=row.etag, last_modified=row.last_modified,
        body_hash=row.body_hash, next_poll_at=row.next_poll_at, last_read_at=row.last_read_at,
        lease_until=row.lease_until,
        history=PollHistory(times, row.failures, hints_from_json(row.hints), first_polled=row.added_at),
        facts=_facts(row, times),
    )  # fmt: skip


def _facts(row: Feed, times: tuple[datetime, ...]) -> FeedFacts:
    return FeedFacts(
        first_polled=row.added_at, last_success=row.last_success_at, last_new_entry=row.last_new_entry_at,
        entry_times=times, failures=row.failures, last_error_reason=row.error_code or "",
        last_error_text=row.error or "", moved_to=row.moved_to, gone=row.gone,
        truncated=row.truncated, decay=row.decay or "", decayed_since=row.decayed_since,
    )  # fmt: skip
