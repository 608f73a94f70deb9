"""Sitemaps that an index names: each is a feed, watched as long as the index names it among those worth watching."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Feed
from worker.storage.db.hashes import string_hash
from worker.storage.feeds.feed_rows import NewFeed, add_feeds


def follow_index(session: Session, index_id: int, urls: Sequence[str], *, levels: int, now: datetime) -> int:
    """Watch these sitemaps of an index, and no longer those it led to before; return how many are new.

    They are called what their index is. One that a person removed stays removed, as does a feed of its own with that
    address. Returns -1, and watches none, for an index within `levels` others.
    """
    if _levels_above(session, index_id, levels) >= levels:
        return -1
    index = session.get_one(Feed, index_id)
    hashes = {string_hash(url) for url in urls}
    _retire(session, [row for row in _named_by(session, index_id) if row.active and row.url_hash not in hashes])
    retired = select(Feed).where(Feed.url_hash.in_(hashes), Feed.found_in == -index_id)
    for row in session.scalars(retired):
        row.active, row.found_in, row.next_poll_at = True, index_id, now
    known = set(session.scalars(select(Feed.url_hash).where(Feed.url_hash.in_(hashes))))
    new = [
        NewFeed(url, index.title, index.outlet, index.site, index.category, index.language)
        for url in urls
        if string_hash(url) not in known
    ]
    added = add_feeds(session, new, now=now, wake=False)
    mine = [string_hash(feed.url) for feed in new]
    session.execute(update(Feed).where(Feed.url_hash.in_(mine), Feed.id != index_id).values(found_in=index_id))
    return added


def retire_followed(session: Session, url: str) -> int:
    """Stop watching what the feed with this address has led to, if it is an index; return how many that were."""
    index_id = session.scalar(select(Feed.id).where(Feed.url_hash == string_hash(url)))
    if index_id is None:
        return 0
    return _retire(session, [row for row in _named_by(session, index_id) if row.active])


def _retire(session: Session, rows: Sequence[Feed]) -> int:
    """Mark them as led to no more, by the index's number with a minus: a later index may name them again."""
    count = len(rows)
    for row in rows:
        count += _retire(session, [one for one in _named_by(session, row.id) if one.active])
        row.active, row.found_in = False, -(row.found_in or 0)
    session.flush()
    return count


def _named_by(session: Session, index_id: int) -> list[Feed]:
    return list(session.scalars(select(Feed).where(Feed.found_in == index_id).order_by(Feed.id)))


def _levels_above(session: Session, feed_id: int, most: int) -> int:
    level, above = 0, session.scalar(select(Feed.found_in).where(Feed.id == feed_id))
    while above is not None and above > 0 and level < most:
        level, above = level + 1, session.scalar(select(Feed.found_in).where(Feed.id == above))
    return level
