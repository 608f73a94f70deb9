"""Addresses of feeds: the one each has now, and those it had before it moved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Feed, FormerAddress
from worker.storage.db.hashes import string_hash
from worker.storage.db.inserts import insert_missing

_LONGEST_HOST = 255  # characters, as the column has
_CHUNK = 500

FIRST_ADDRESS = (
    select(FormerAddress.url)
    .where(FormerAddress.feed_id == Feed.id)
    .order_by(FormerAddress.left_at, FormerAddress.url_hash)
    .limit(1)
    .scalar_subquery()
)
"""The address that a feed had at first, or none where it has never moved; to select beside `Feed`."""


def host_of(url: str) -> str:
    """Return the host of an address, by which feeds take turns; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "")[:_LONGEST_HOST]
    except ValueError:
        return ""


def feeds_known_as(session: Session, urls: Collection[str]) -> dict[str, Feed]:
    """Return the feeds that have these addresses, or have had them, by the addresses' hashes."""
    hashes = [string_hash(url) for url in urls]
    left = select(FormerAddress.url_hash, Feed).join(Feed, Feed.id == FormerAddress.feed_id)
    known: dict[str, Feed] = {}
    for part in _parts(hashes):
        known |= dict(session.execute(left.where(FormerAddress.url_hash.in_(part))).all())
        known |= {row.url_hash: row for row in session.scalars(select(Feed).where(Feed.url_hash.in_(part)))}
    return known


def confirm_moves(session: Session, urls: Collection[str], *, now: datetime) -> list[Feed]:
    """Move watched feeds that redirect to one of these addresses, which no feed may have: who names it vouches for it.

    Return those that have moved.
    """
    wanted, moved = set(urls), list[Feed]()
    for row in session.scalars(select(Feed).where(Feed.moved_to.is_not(None), Feed.active).order_by(Feed.id)):
        if row.moved_to in wanted:
            wanted.remove(row.moved_to)
            move_feed(session, row, row.moved_to, now=now)
            moved.append(row)
    return moved


def move_feed(session: Session, row: Feed, url: str, *, now: datetime) -> None:
    """Give the feed its new address, which no other may have, and remember the one it leaves."""
    left = {"url_hash": row.url_hash, "feed_id": row.id, "url": row.url, "left_at": now}
    forget_left(session, [row.url, url], but=row.id)
    insert_missing(session, FormerAddress, [left], by=("url_hash",))
    row.url, row.url_hash, row.host = url, string_hash(url), host_of(url)
    row.moved_to, row.moved_since, row.moved_sightings = None, None, 0


def forget_left(session: Session, urls: Collection[str], *, but: int = 0) -> None:
    """Forget who has left these addresses, as they are another feed's now: the one with the id `but`."""
    for part in _parts([string_hash(url) for url in urls]):
        theirs = FormerAddress.url_hash.in_(part), FormerAddress.feed_id != but
        session.execute(delete(FormerAddress).where(*theirs))


def addresses_left(session: Session, feed_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the addresses that these feeds have left, by the feeds' ids."""
    rows = session.execute(select(FormerAddress.feed_id, FormerAddress.url).where(FormerAddress.feed_id.in_(feed_ids)))
    left: dict[int, list[str]] = {}
    for feed_id, url in rows:
        left.setdefault(feed_id, []).append(url)
    return left


def _parts(hashes: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many at a time as a statement can hold."""
    return (hashes[start : start + _CHUNK] for start in range(0, len(hashes), _CHUNK))
