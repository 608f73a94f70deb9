"""Who gets a digest, about what, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Hash, JsonText, SafeText, UtcDateTime


class Subscriber(Base):
    """`state` is active, unsubscribed or bounced; `channel` names the way they are reached.

    `soft_bounces` counts the digests in a row that their mailbox could not take. `declared_hash` is of what the
    configuration last said of them: a person's own later choice stays. `ended_at` is since when it is known that they
    have unsubscribed.
    """

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    address: Mapped[str] = mapped_column(SafeText)
    address_hash: Mapped[str] = mapped_column(Hash, unique=True)
    name: Mapped[str] = mapped_column(SafeText, default="")
    language: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16), default="email", server_default="email")
    state: Mapped[str] = mapped_column(String(16), default="active")
    reason: Mapped[str | None] = mapped_column(SafeText)
    soft_bounces: Mapped[int] = mapped_column(default=0, server_default="0")
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declared_hash: Mapped[str | None] = mapped_column(Hash)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Subscription(Base):
    """`window_start` is where the next digest's period begins: the end of the last one.

    `news_seen` is the number of the latest news that its digests have looked at, and `plannings` counts how often that
    was done or undone: who plans a digest on what is no longer so writes nothing.

    `bands` holds the band of each topic that has one of its own; the others have `band`. `muted_outlets` are names,
    `muted_stories` articles: a story is muted by one that is in it. No id comes again, for
    links in old mails name it: those of a forgotten reader must not open the page of the next one.
    """

    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    topics: Mapped[list[str]] = mapped_column(JsonText)
    band: Mapped[str] = mapped_column(String(16))
    bands: Mapped[dict[str, str] | None] = mapped_column(JsonText)
    schedule: Mapped[str] = mapped_column(String(80))
    story_limit: Mapped[int]
    send_empty: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    next_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    news_seen: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    plannings: Mapped[int] = mapped_column(default=0, server_default="0")
    muted_outlets: Mapped[list[str] | None] = mapped_column(JsonText)
    muted_stories: Mapped[list[int] | None] = mapped_column(JsonText)

    __table_args__ = (Index("ix_subscriptions_due", "active", "next_due_at"), {"sqlite_autoincrement": True})
