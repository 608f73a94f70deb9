"""Documents as fetched: saved compressed, read back, pruned by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session, undefer

from models import Article, Document
from worker.storage.db.claims import claim, still_held, waiting
from worker.storage.db.packing import pack, unpack

_KEEP = insert(Document).returning(Document.id)
_NEWEST = (
    select(Document)
    .where(Document.article_id == bindparam("article"))
    .order_by(Document.id.desc())
    .limit(1)
    .options(undefer(Document.body))
)


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A feed or page as it was fetched from `url`; exactly one of `feed_id` and `article_id` is set.

    `links` are those of the answer's own headers, each with its relations.
    """

    id: int
    feed_id: int | None
    article_id: int | None
    url: str
    content_type: str
    body: bytes
    fetched_at: datetime
    attempts: int
    lease_until: datetime | None
    links: tuple[tuple[str, str], ...] = ()


def save_document(
    session: Session,
    *,
    url: str,
    content_type: str,
    body: bytes,
    now: datetime,
    links: Sequence[tuple[str, str]] = (),
    feed_id: int | None = None,
    article_id: int | None = None,
) -> int:
    """Keep what was fetched, and return the document's id. A page needs no reading of its own."""
    values = {
        "feed_id": feed_id, "article_id": article_id, "url": url, "content_type": content_type, "fetched_at": now,
        "size": len(body), "body": pack(body), "state": "pending" if feed_id else "read", "links": list(links) or None,
    }  # fmt: skip
    return session.connection().execute(_KEEP, values).scalar_one()


def claim_document(session: Session, document_id: int, *, now: datetime, lease: timedelta) -> DocumentRecord | None:
    """Lease a feed document that waits to be read, or return None when it is not to be had."""
    if not claim(session, Document, document_id, states=("pending",), now=now, lease=lease):
        return None
    return _record(session.get_one(Document, document_id, options=[undefer(Document.body)]))


def is_held(session: Session, document: DocumentRecord) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return document.lease_until is not None and still_held(session, Document, document.id, document.lease_until)


def page_of(session: Session, article_id: int) -> DocumentRecord | None:
    """Return the newest page fetched for the article, if it is still kept."""
    row = session.scalar(_NEWEST, {"article": article_id})
    return _record(row) if row else None


def mark_read(session: Session, document_id: int) -> None:
    """The document was read; it is kept only to be looked at."""
    _finish(session, document_id, state="read", lease_until=None)


def mark_failed(session: Session, document_id: int, reason: str) -> None:
    """The document cannot be read, and trying again would not help."""
    _finish(session, document_id, state="failed", lease_until=None, reason=reason)


def waiting_documents(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return the feed documents that lag behind."""
    return waiting(session, Document, states=("pending",), now=now, limit=limit)


def prune_documents(session: Session, *, before: datetime) -> int:
    """Delete documents fetched before that moment, but none that waits to be read."""
    unread = select(Article.id).where(Article.state == "fetched")
    statement = delete(Document).where(
        Document.fetched_at < before,
        Document.state != "pending",
        or_(Document.article_id.is_(None), Document.article_id.not_in(unread)),
    )
    return session.connection().execute(statement).rowcount


def _finish(session: Session, document_id: int, **values: object) -> None:
    session.execute(update(Document).where(Document.id == document_id).values(**values))


def _record(row: Document) -> DocumentRecord:
    return DocumentRecord(
        id=row.id, feed_id=row.feed_id, article_id=row.article_id, url=row.url,
        content_type=row.content_type, body=unpack(row.body), fetched_at=row.fetched_at,
        attempts=row.attempts, lease_until=row.lease_until,
        links=tuple((relations, url) for relations, url in row.links or ()),
    )  # fmt: skip
