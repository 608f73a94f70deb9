"""Digests as they were made, the stories in them, and their way out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, JsonText, SafeText, UtcDateTime


class Digest(Base):
    __tablename__ = "digests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    window_end: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    html: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    __table_args__ = (UniqueConstraint("subscription_id", "kind", "window_end"),)


class DigestPage(Base):
    """What was left out of a digest for its length, as further pages of its archive; `number` begins with 2."""

    __tablename__ = "digest_pages"

    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    html: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class DigestStory(Base):
    """A story went out in a digest, as of a revision, under that headline. The unique key keeps it from going twice."""

    __tablename__ = "digest_stories"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"), index=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"))
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    revision: Mapped[int]
    topic: Mapped[str] = mapped_column(String(80))
    article_ids: Mapped[list[int]] = mapped_column(JsonText)
    headline: Mapped[str | None] = mapped_column(SafeText)

    __table_args__ = (UniqueConstraint("subscription_id", "story_id", "revision"),)


class Delivery(Base):
    """`message` holds the frozen bytes; `state` is pending, sending, unknown, resending, sent or dead.

    `kind` is digest, or that of a single mail which belongs to none: confirmation, manage.
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16), default="digest", server_default="digest")
    channel: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str] = mapped_column(SafeText)
    recipient: Mapped[str] = mapped_column(SafeText)
    message_id: Mapped[str] = mapped_column(SafeText)
    message: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    state: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(SafeText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("digest_id", "channel"),
        Index("ix_deliveries_waiting", "state", "next_try_at"),
    )
