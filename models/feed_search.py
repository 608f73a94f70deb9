"""Searches for a feed, as people at the desk ask for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, JsonText, SafeText, UtcDateTime


class FeedSearch(Base):
    """`state` is wanted, done or failed; `found` is what was found where it is done, and goes with the row in a day."""

    __tablename__ = "feed_searches"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    address: Mapped[str] = mapped_column(SafeText)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state: Mapped[str] = mapped_column(String(16), default="wanted")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(SafeText)
    found: Mapped[dict[str, Any] | None] = mapped_column(JsonText)

    __table_args__ = (Index("ix_feed_searches_waiting", "state", "next_try_at"), {"sqlite_autoincrement": True})
