"""Subscriptions at the hubs of feeds (WebSub)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Hash, SafeText, UtcDateTime


class HubSubscription(Base):
    """`state` is wanted, asked (the hub has to verify it), active or failed; `expires_at` ends the hub's lease.

    `key` is in the address the hub calls, `secret` is what it signs with. `in_vain` counts its pings since the feed
    last had news. `next_try_at` is when the hub is asked (again).
    """

    __tablename__ = "hub_subscriptions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), unique=True)
    hub: Mapped[str] = mapped_column(SafeText)
    topic: Mapped[str] = mapped_column(SafeText)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    secret: Mapped[str] = mapped_column(String(64))

    state: Mapped[str] = mapped_column(String(16), default="wanted")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(SafeText)

    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pinged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ping_hash: Mapped[str | None] = mapped_column(Hash)
    in_vain: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_hub_subscriptions_waiting", "state", "next_try_at"),)
