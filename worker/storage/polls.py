"""Polls of feeds: claimed, several at once, and marked with how they went."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, Update, bindparam, case, delete, select, update
from sqlalchemy.orm import Session

from models import Feed, FeedPoll
from models.base import UtcDateTime
from worker.errors import FetchReason
from worker.feeds import Pace, PollHistory
from worker.storage.addresses import move_feed
from worker.storage.claims import still_held
from worker.storage.feeds import is_due, mark_success
from worker.storage.hashes import string_hash
from worker.storage.hints import hints_from_json

_MOVE_SIGHTINGS = 3
_MOVE_AGE = timedelta(hours=24)
_LONGEST_WAIT = timedelta(hours=24)
_GONE_AGE = timedelta(hours=24)
_UNFINISHED = "unfinished"
# What happened before a document was had; any other code says that what was had could not be read.
_POLL_FAULTS = frozenset({*(reason.value for reason in FetchReason), _UNFINISHED})

_TABLE = cast("Table", Feed.__table__)
# Built once: on the path of an unchanged poll, building them anew would cost as much as running them.
_NEEDED = (
    _TABLE.c.id, _TABLE.c.url, _TABLE.c.etag, _TABLE.c.last_modified, _TABLE.c.body_hash, _TABLE.c.lease_until,
    _TABLE.c.failures, _TABLE.c.hints, _TABLE.c.added_at, _TABLE.c.pace, _TABLE.c.error_code, _TABLE.c.moved_to,
    _TABLE.c.gone,
    # Only a feed that was last read before there was a pace still has to be scheduled by the times themselves.
    case((_TABLE.c.pace.is_(None), _TABLE.c.entry_times)).label("times"),
)  # fmt: skip
_NOW = bindparam("now", type_=UtcDateTime)
# In one order, and leaving alone what another worker is claiming: so two claims never wait for each other.
_CLAIMABLE = (
    select(Feed.id)
    .where(Feed.id.in_(bindparam("ids", expanding=True)), Feed.active, Feed.unfinished == 0, *is_due(_NOW))
    .order_by(Feed.id)
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(_CLAIMABLE), *is_due(_NOW))
    .values(lease_until=bindparam("until"), unfinished=1)
    .returning(*_NEEDED)
)
_HELD = update(_TABLE).where(_TABLE.c.id == bindparam("held_id"), _TABLE.c.lease_until == bindparam("held_until"))
_POSTPONE = _HELD.values(lease_until=None, next_poll_at=bindparam("due"), unfinished=_TABLE.c.unfinished - 1)
_MARK_UNCHANGED = _HELD.values(
    lease_until=None, next_poll_at=bindparam("due"), unfinished=0, last_polled_at=bindparam("at"),
    last_success_at=bindparam("at"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimedFeed:
    """As much of a feed as a poll of it needs.

    `in_order` says that its row holds nothing that an unchanged poll would have to set right, `unreadable` that what
    it served last was no feed.
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
    given = {"ids": feed_ids, "now": now, "until": now + lease}
    claimed = session.connection().execute(_CLAIM, given)
    order = {feed_id: place for place, feed_id in enumerate(feed_ids)}
    records = sorted(map(_claimed, claimed), key=lambda record: order[record.id])
    if len(records) == len(feed_ids):
        return records, []
    alone = select(Feed.id).where(Feed.id.in_(feed_ids), Feed.active, Feed.unfinished > 0, *is_due(now))
    return records, list(session.scalars(alone))


def claim_feed(session: Session, feed_id: int, *, now: datetime, lease: timedelta) -> ClaimedFeed | None:
    """Lease a due feed, or return None when it is not due, not watched or another worker has it.

    A poll that never ends (its process dies) is not begun again at once: each one in a row doubles the
    wait, up to a day, and counts as a failure of the feed. `save_poll` sets all of that right.
    """
    row = session.get(Feed, feed_id)
    if row is None:
        return None
    wait = min(lease * 2 ** min(row.unfinished, 16), _LONGEST_WAIT)
    claimed = session.connection().execute(
        update(Feed)
        .where(Feed.id == feed_id, Feed.active, *is_due(now))
        .values(lease_until=now + lease, next_poll_at=now + wait, unfinished=Feed.unfinished + 1)
    )
    if claimed.rowcount != 1:
        return None
    session.expire(row)
    if row.unfinished > 1:
        row.error_code, row.error = _UNFINISHED, f"its poll broke off {row.unfinished - 1} times: a process died"
        row.failures += 1
    session.flush()
    return _claimed(session.connection().execute(select(*_NEEDED).where(Feed.id == feed_id)).one())


def is_held(session: Session, feed: ClaimedFeed) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return still_held(session, Feed, feed.id, feed.lease_until)


def changes_nothing(feed: ClaimedFeed, poll: Poll) -> bool:
    """Whether `save_unchanged` says all there is to say of this poll."""
    same = poll.etag == feed.etag and poll.last_modified == feed.last_modified
    return feed.in_order and poll.outcome == "unchanged" and poll.moved_to is None and same


def postpone_polls(session: Session, later: Sequence[tuple[ClaimedFeed, datetime]]) -> None:
    """Free feeds that were claimed and not asked; each is due again at its moment. Fenced by their leases."""
    _mark_held(session, _POSTPONE, [_held(feed, due=due) for feed, due in later])


def save_unchanged(session: Session, polls: Sequence[tuple[ClaimedFeed, Poll]]) -> None:
    """Record polls that changed nothing (`changes_nothing`): one small change to each feed's row.

    Fenced by their leases: what another worker has taken over is left alone.
    """
    _mark_held(session, _MARK_UNCHANGED, [_held(feed, due=poll.next_poll_at, at=poll.at) for feed, poll in polls])


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


def prune_polls(session: Session, *, before: datetime) -> int:
    """Delete the records of polls older than that."""
    return session.connection().execute(delete(FeedPoll).where(FeedPoll.at < before)).rowcount


def _mark_answered(row: Feed, poll: Poll) -> None:
    row.etag, row.last_modified, row.body_hash = poll.etag, poll.last_modified, poll.body_hash
    row.gone_since, row.gone = None, False
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


def _held(feed: ClaimedFeed, **marks: object) -> dict[str, object]:
    return {"held_id": feed.id, "held_until": feed.lease_until, **marks}


def _mark_held(session: Session, statement: Update, marks: Sequence[Mapping[str, object]]) -> None:
    if marks:  # in one order, so that two who mark never wait for each other
        session.connection().execute(statement, sorted(marks, key=operator.itemgetter("held_id")))


def _claimed(row: Row[*tuple[Any, ...]]) -> ClaimedFeed:
    pace = None if row.pace is None else Pace(tuple((count, datetime.fromisoformat(old)) for count, old in row.pace))
    times = tuple(datetime.fromisoformat(time) for time in row.times or ())
    return ClaimedFeed(
        id=row.id, url=row.url, etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash,
        history=PollHistory(times, row.failures, hints_from_json(row.hints), row.added_at, pace),
        in_order=not (row.failures or row.error_code or row.moved_to or row.gone),
        unreadable=_is_unreadable(row.error_code), lease_until=row.lease_until,
    )  # fmt: skip
