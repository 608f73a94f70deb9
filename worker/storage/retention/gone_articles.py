"""The keys of articles that are not kept any more: whoever lists one of them announces nothing new."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import GoneArticle
from worker.storage.db.hashes import string_hash
from worker.storage.db.inserts import insert_missing

_CHUNK = 500
_NOTED = timedelta(days=30)  # how old a sighting may be before it is written down anew


def remember_gone(session: Session, hashes: Iterable[str], *, now: datetime) -> None:
    """Keep the keys, given as hashes, of articles that are about to be deleted."""
    today = now.date()
    rows = [{"key": _short(one), "gone_on": today, "seen_on": today} for one in hashes]
    insert_missing(session, GoneArticle, rows, by=("key",))


def find_gone(session: Session, hashes: Collection[str]) -> frozenset[str]:
    """Return those of the hashes that are of articles which are not kept any more."""
    return frozenset(_find(session, hashes))


def sight_gone(session: Session, hashes: Collection[str], *, now: datetime) -> frozenset[str]:
    """Return the same as `find_gone`, and note that a feed lists them: so long their keys stay."""
    found = _find(session, hashes)
    stale = [_short(one) for one, seen_on in found.items() if now.date() - seen_on >= _NOTED]
    if stale:
        session.execute(update(GoneArticle).where(GoneArticle.key.in_(stale)).values(seen_on=now.date()))
    return frozenset(found)


def gone_since(session: Session, key: str) -> date | None:
    """Return the day on which the article of that canonical URL was deleted, None where none was."""
    return session.scalar(select(GoneArticle.gone_on).where(GoneArticle.key == _short(string_hash(key))))


def prune_keys(session: Session, *, before: datetime, limit: int) -> int:
    """Forget up to so many keys that no feed has listed since that moment; return how many."""
    old = select(GoneArticle.key).where(GoneArticle.seen_on < before.date()).limit(limit)
    statement = delete(GoneArticle).where(GoneArticle.key.in_(session.scalars(old).all()))
    return session.connection().execute(statement).rowcount


def _find(session: Session, hashes: Collection[str]) -> dict[str, date]:
    by_key = {_short(one): one for one in hashes}
    keys, found = list(by_key), dict[str, date]()
    for start in range(0, len(keys), _CHUNK):
        chosen = GoneArticle.key.in_(keys[start : start + _CHUNK])
        rows = session.execute(select(GoneArticle.key, GoneArticle.seen_on).where(chosen))
        found.update({by_key[key]: seen_on for key, seen_on in rows})
    return found


def _short(url_hash: str) -> int:
    """The first 64 bits: among ten million keys a new one meets another's by a chance of one in 10¹²."""
    return int.from_bytes(bytes.fromhex(url_hash[:16]), signed=True)
