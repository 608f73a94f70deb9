"""Digests as they were made, the stories in them, and their way out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, JsonText, SafeText, UtcDateTime


class Digest(Base):
    """What one subscriber was told at one time: of the stories with news later than `news_from`."""

    __tablename__ = "digests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    window_end: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    news_from: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    html: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    __table_args__ = (UniqueConstraint("subscription_id", "kind", "window_end"),)


class DigestPage(Base):
    """What was left out of a digest for its length, as further pages of its archive; `number` begins with 2."""

    __tablename__ = "digest_pages"

    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    html: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class DigestStory(Base):
    """A story went out in a digest, as of a revision, under that headline; `page` is 1, or that of its archive."""

    __tablename__ = "digest_stories"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"), index=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    revision: Mapped[int]
    topic: Mapped[str] = mapped_column(String(80))
    article_ids: Mapped[list[int]] = mapped_column(JsonText)
    page: Mapped[int] = mapped_column(default=1, server_default="1")
    headline: Mapped[str | None] = mapped_column(SafeText)

    __table_args__ = (UniqueConstraint("digest_id", "story_id"),)


class ToldArticle(Base):
    """An article was told to a subscriber, as of its `revision`, in whatever story it was then.

    `returned` says that its digest could not be delivered, and that the article waits for the next one.
    """

    __tablename__ = "told_articles"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int]
    returned: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        Index("ix_told_articles_digest_id", "digest_id"),
        Index("ix_told_articles_article_id", "article_id"),
        {"sqlite_with_rowid": False},
    )


class PassedOver(Base):
    """An article that matched and was not told to a subscriber: `reason` is repeats, old, muted or crowded."""

    __tablename__ = "passed_over"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_passed_over_article_id", "article_id"), {"sqlite_with_rowid": False})


class Delivery(Base):
    """`message` holds the frozen bytes; `state` is pending, sending, unknown, resending, sent or dead.

    `refused` says that its channel would not take it, which may be the fault of a story in it.

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
    refused: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("digest_id", "channel"),
        Index("ix_deliveries_waiting", "state", "next_try_at"),
    )
