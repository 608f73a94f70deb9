"""Feeds whose past is fetched, and the pages on which it is looked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Hash, SafeText, UtcDateTime


class Backfill(Base):
    """The past of a feed from `since` on, before `until`; `reached` is how far back its pages have led so far.

    `next_article_at` is when the next article it brings is fetched: they are spread over the time that takes.
    """

    __tablename__ = "backfills"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), unique=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    reached: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_article_at: Mapped[datetime] = mapped_column(UtcDateTime)
    pages: Mapped[int] = mapped_column(default=0)
    articles: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(SafeText)


class BackfillPage(Base):
    """`state` is waiting, fetched, read or failed; all pages of a backfill go when it is finished."""

    __tablename__ = "backfill_pages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    backfill_id: Mapped[int] = mapped_column(ForeignKey("backfills.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(SafeText)
    url_hash: Mapped[str] = mapped_column(Hash)
    kind: Mapped[str] = mapped_column(String(16))
    level: Mapped[int] = mapped_column(default=0)

    state: Mapped[str] = mapped_column(String(16), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    found_at: Mapped[str | None] = mapped_column(SafeText)
    content_type: Mapped[str | None] = mapped_column(SafeText)
    body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    __table_args__ = (
        UniqueConstraint("backfill_id", "url_hash"),
        Index("ix_backfill_pages_waiting", "state", "next_try_at"),
    )
