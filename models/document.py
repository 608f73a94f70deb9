"""Feeds and pages as they were fetched, compressed, kept for some days."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, JsonText, SafeText, UtcDateTime


class Document(Base):
    """`state` is pending, read or failed; only feed documents are worked off by it.

    `links` is what the answer's own headers said it is related to.
    """

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(SafeText)
    content_type: Mapped[str] = mapped_column(SafeText, default="")
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    size: Mapped[int]
    links: Mapped[list[tuple[str, str]] | None] = mapped_column(JsonText)
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    state: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(SafeText)

    __table_args__ = (Index("ix_documents_waiting", "state", "next_try_at"),)
