"""Polls of feeds: claimed, several at once, and marked with how they went."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, Text, Update, bindparam, case, delete, select, type_coerce, update
from sqlalchemy.orm import Session

from models import Feed, FeedClaim, FeedPoll
from worker.errors import FetchReason
from worker.feeds import Pace, PollHistory
from worker.storage.db.hashes import string_hash
from worker.storage.db.id_lists import is_one_of
from worker.storage.feeds import feed_claims
from worker.storage.feeds.feed_rows import mark_success, minutes_of
from worker.storage.feeds.former_addresses import move_feed
from worker.storage.feeds.poll_hints import hints_from_text

_MOVE_SIGHTINGS = 3
_MOVE_AGE = timedelta(hours=24)
_LONGEST_WAIT = timedelta(hours=24)
_GONE_AGE = timedelta(hours=24)
_UNFINISHED = "unfinished"
# What happened before a document was had; any other code says that what was had could not be read.
_POLL_FAULTS = frozenset({*(reason.value for reason in FetchReason), _UNFINISHED})

_TABLE = cast("Table", Feed.__table__)
# Built once: on the path of an unchanged poll, building them anew would cost as much as running them.
_NEEDED = select(
    _TABLE.c.id, _TABLE.c.url, _TABLE.c.etag, _TABLE.c.last_modified, _TABLE.c.body_hash, _TABLE.c.failures,
    type_coerce(_TABLE.c.hints, Text), _TABLE.c.added_at, _TABLE.c.pace, _TABLE.c.error_code, _TABLE.c.moved_to,
    _TABLE.c.gone, _TABLE.c.shortest, _TABLE.c.longest,
    _TABLE.c.told_until, _TABLE.c.listing.is_not(None),
    # Only a feed that was last read before there was a pace still has to be scheduled by the times themselves.
    case((_TABLE.c.pace.is_(None), _TABLE.c.entry_times)),
).where(is_one_of(_TABLE.c.id))  # fmt: skip
_STILL_DUE = _NEEDED.where(_TABLE.c.active, ~_TABLE.c.paused, _TABLE.c.next_poll_at <= bindparam("now"))
_FEED = update(_TABLE).where(_TABLE.c.id == bindparam("feed_id"))
_POSTPONE = _FEED.values(next_poll_at=bindparam("due"))
_MARK_UNCHANGED = _FEED.values(next_poll_at=bindparam("due"), last_success_at=bindparam("at"))


@dataclass(frozen=True, slots=True)
class ClaimedFeed:
    """As much of a feed as a poll of it needs.

    `in_order` says that its row holds nothing that an unchanged poll would have to set right, `unreadable` that what
    it served last was no feed. `shortest` and `longest` are the owner's wish for this feed; `is_page` says that it
    is a page made for people.
    """

    id: int
    url: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    history: PollHistory
    in_order: bool
    unreadable: bool
    lease_until: datetime
    shortest: timedelta | None = None
    longest: timedelta | None = None
    is_page: bool = False


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
    fresh_for: timedelta | None = None


def claim_feeds(
    session: Session, feed_ids: Sequence[int], *, now: datetime, lease: timedelta
) -> tuple[list[ClaimedFeed], list[int]]:
    """Lease those that are due, in the given order; return them, and the ids of those to be polled alone.

    One whose last poll never ended would take the others with it if its next one ends in the same way: it
    is leased only when it is asked for by itself (`claim_feed`).
    """
    if len(feed_ids) == 1:
        one = claim_feed(session, feed_ids[0], now=now, lease=lease)
        return ([one] if one else []), []
    until = now + lease
    taken = feed_claims.take_several(session, feed_ids, now=now, until=until)
    rows = session.connection().execute(_STILL_DUE, {"ids": taken, "now": now}).all() if taken else ()
    of_id = {row[0]: _claimed(row, until) for row in rows}
    if len(of_id) < len(taken):
        feed_claims.put_back(session, [(feed_id, until) for feed_id in taken if feed_id not in of_id])
    claimed = [of_id[feed_id] for feed_id in feed_ids if feed_id in of_id]
    return claimed, [] if len(claimed) == len(feed_ids) else _broken_off(session, feed_ids, now)


def claim_feed(session: Session, feed_id: int, *, now: datetime, lease: timedelta) -> ClaimedFeed | None:
    """Lease a due feed, or return None when it is not due, not watched or another worker has it.

    A poll that never ends (its process dies) is not begun again at once: each one in a row doubles the
    wait, up to a day, and counts as a failure of the feed. `save_poll` sets all of that right.
    """
    due = (Feed.id == feed_id, Feed.active, ~Feed.paused, Feed.next_poll_at <= now)
    until = now + lease
    if session.scalar(select(Feed.id).where(*due)) is None:
        return None
    attempts = feed_claims.take_one(session, feed_id, now=now, until=until)
    if not attempts:
        return None
    next_poll_at = now + min(lease * 2 ** min(attempts - 1, 16), _LONGEST_WAIT)
    if session.connection().execute(update(Feed).where(*due).values(next_poll_at=next_poll_at)).rowcount != 1:
        feed_claims.put_back(session, [(feed_id, until)])  # another worker has done with it in this very moment
        return None
    if attempts > 1:
        often = "once" if attempts == 2 else f"{attempts - 1} times"
        error = f"its poll broke off {often}: a process died"
        broken_off = {"error_code": _UNFINISHED, "error": error, "failures": Feed.failures + 1}
        # Once for each: it may have been claimed since, and put back.
        unmarked = (Feed.id == feed_id, Feed.error.is_distinct_from(error))
        session.connection().execute(update(Feed).where(*unmarked).values(broken_off))
    return _claimed(session.connection().execute(_NEEDED, {"ids": [feed_id]}).one(), until)


def is_held(session: Session, feed: ClaimedFeed) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return feed_claims.is_held(session, _held(feed))


def changes_nothing(feed: ClaimedFeed, poll: Poll) -> bool:
    """Whether `save_unchanged` says all there is to say of this poll."""
    same = poll.etag == feed.etag and poll.last_modified == feed.last_modified
    return feed.in_order and poll.outcome == "unchanged" and poll.moved_to is None and same


def postpone_polls(session: Session, later: Sequence[tuple[ClaimedFeed, datetime]]) -> None:
    """Free feeds that were claimed and not asked; each is due again at its moment. Fenced by their leases."""
    if later:
        ours = feed_claims.put_back(session, [_held(feed) for feed, _ in later])
        _change(session, _POSTPONE, [{"feed_id": feed.id, "due": due} for feed, due in later if feed.id in ours])


def save_unchanged(session: Session, polls: Sequence[tuple[ClaimedFeed, Poll]]) -> None:
    """Record polls that changed nothing (`changes_nothing`): one small change to each feed's row.

    Fenced by their leases: what another worker has taken over is left alone.
    """
    if polls:
        ours = feed_claims.end(session, [_held(feed) for feed, _ in polls])
        marks = [
            {"feed_id": feed.id, "due": poll.next_poll_at, "at": poll.at} for feed, poll in polls if feed.id in ours
        ]
        _change(session, _MARK_UNCHANGED, marks)


def save_poll(session: Session, feed_id: int, poll: Poll) -> None:
    """Record how a poll went, free the feed and set its next one.

    A new document is a success only once it has been read (`save_reading`), and an unchanged one only
    when it could be: so a feed that serves something else than a feed comes to count as failing.
    """
    row = session.get_one(Feed, feed_id)
    row.next_poll_at = poll.next_poll_at
    feed_claims.drop(session, feed_id)
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


def prune_polls(session: Session, *, before: datetime) -> int:
    """Delete the records of polls older than that."""
    return session.connection().execute(delete(FeedPoll).where(FeedPoll.at < before)).rowcount


def _mark_answered(row: Feed, poll: Poll) -> None:
    row.etag, row.last_modified, row.body_hash = poll.etag, poll.last_modified, poll.body_hash
    row.gone_since, row.gone = None, False
    row.fresh_for = poll.fresh_for.total_seconds() if poll.fresh_for else None
    if poll.outcome == "unchanged" and _is_unreadable(row.error_code):
        row.failures += 1
    elif poll.outcome == "unchanged":
        mark_success(row, poll.at)


def _mark_failed(row: Feed, poll: Poll) -> None:
    if _is_unreadable(row.error_code):
        # Why is about to be forgotten: the same bytes have to come and be read again to tell.
        row.etag = row.last_modified = row.body_hash = None
    row.failures += 1
    row.error_code, row.error = poll.code, poll.reason
    _mark_gone(row, poll)


def _is_unreadable(error_code: str | None) -> bool:
    """Whether the feed was had, and what it serves could not be read."""
    return error_code is not None and error_code not in _POLL_FAULTS


def _mark_gone(row: Feed, poll: Poll) -> None:
    if not poll.gone:
        row.gone_since = None
    elif row.gone_since is None:
        row.gone_since = poll.at
    elif poll.at - row.gone_since >= _GONE_AGE:
        row.gone = True


def _mark_moved(session: Session, row: Feed, poll: Poll) -> None:
    """Store a new address only when three polls over a day agree: one wrong redirect loses no feed.

    Nor does a site that sends the addresses of all its feeds to its home page.
    """
    if poll.moved_to is None or poll.moved_to == row.url:
        row.moved_to, row.moved_since, row.moved_sightings = None, None, 0
        return
    if poll.moved_to != row.moved_to:
        row.moved_to, row.moved_since, row.moved_sightings = poll.moved_to, poll.at, 1
        return
    row.moved_sightings += 1
    if row.moved_sightings < _MOVE_SIGHTINGS or poll.at - (row.moved_since or poll.at) < _MOVE_AGE:
        return
    taken = session.scalar(select(Feed.id).where(Feed.url_hash == string_hash(poll.moved_to), Feed.id != row.id))
    if taken is None and not _is_unreadable(row.error_code):
        move_feed(session, row, poll.moved_to, now=poll.at)


def _broken_off(session: Session, feed_ids: Sequence[int], now: datetime) -> list[int]:
    """Return which of the feeds are due and have a claim whose lease is over."""
    over = select(FeedClaim.feed_id).where(FeedClaim.feed_id.in_(feed_ids), FeedClaim.lease_until <= now)
    return list(
        session.scalars(select(Feed.id).where(Feed.id.in_(over), Feed.active, ~Feed.paused, Feed.next_poll_at <= now))
    )


def _held(feed: ClaimedFeed) -> feed_claims.Held:
    return feed.id, feed.lease_until


def _change(session: Session, statement: Update, changes: Sequence[Mapping[str, object]]) -> None:
    if changes:  # in one order, so that two who change feeds never wait for each other
        session.connection().execute(statement, sorted(changes, key=operator.itemgetter("feed_id")))


def _claimed(row: Row[*tuple[Any, ...]], until: datetime) -> ClaimedFeed:
    # By place: by name, each value would cost a look-up of its own.
    (
        feed_id, url, etag, last_modified, body_hash, failures, hints, added_at, pace, code, moved_to, gone, least,
        most, told, is_page, times,
    ) = row  # fmt: skip
    counts = None if pace is None else Pace(tuple((count, datetime.fromisoformat(old)) for count, old in pace))
    known = tuple(map(datetime.fromisoformat, times or ()))
    in_order = not (failures or code or moved_to or gone)
    unreadable = _is_unreadable(code)
    history = PollHistory(known, failures, hints_from_text(hints), added_at, counts, told_until=told)
    shortest, longest = minutes_of(least), minutes_of(most)
    return ClaimedFeed(
        feed_id, url, etag, last_modified, body_hash, history, in_order, unreadable, until, shortest, longest,
        bool(is_page),
    )  # fmt: skip
