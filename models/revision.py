"""Earlier versions of articles, and the rechecks of their pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, JsonText, SafeText, UtcDateTime


class Revision(Base):
    """What an article said until `replaced_at`, and how much of it the next version changed."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    number: Mapped[int]
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(SafeText, default="")
    text: Mapped[str] = mapped_column(SafeText, default="", deferred=True)
    substantial: Mapped[bool] = mapped_column(default=False)
    new_share: Mapped[float] = mapped_column(default=0.0)
    numbers: Mapped[list[list[Any]] | None] = mapped_column(JsonText)
    added: Mapped[str] = mapped_column(SafeText, default="")

    __table_args__ = (UniqueConstraint("article_id", "number"),)


class Recheck(Base):
    """An article whose entry has changed. `state` is due, fetched or done; `looks` counts the visits so far."""

    __tablename__ = "revisits"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(SafeText)
    looks: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_revisits_waiting", "state", "next_try_at"),)
