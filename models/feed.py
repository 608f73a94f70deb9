"""Feeds, and how each poll of them ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Hash, JsonText, SafeText, UtcDateTime


class Feed(Base):
    """`quiet_before` is set where a backup was put back: what it lists from before, when next read, is not mailed.

    `told_until` is set where a hub tells of its news: until then it is polled seldom. `listing` has the selectors by
    which a page is read as a feed; `found_in` is the feed that is an index of sitemaps and names this one.
    `crawl_delay` is what its host states, and `fresh_for` what its answers do, in seconds; None where that is nothing,
    or not known. `shortest` and `longest` are the owner's wish for the time between two polls, in minutes.
    """

    __tablename__ = "feeds"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str] = mapped_column(SafeText)
    url_hash: Mapped[str] = mapped_column(Hash, unique=True)
    host: Mapped[str] = mapped_column(String(255), default="", index=True)
    title: Mapped[str] = mapped_column(SafeText, default="")
    outlet: Mapped[str] = mapped_column(SafeText, default="")
    site: Mapped[str] = mapped_column(SafeText, default="")
    category: Mapped[str] = mapped_column(SafeText, default="")
    language: Mapped[str | None] = mapped_column(String(16))
    active: Mapped[bool] = mapped_column(default=True)
    paused: Mapped[bool] = mapped_column(default=False)
    shortest: Mapped[float | None]
    longest: Mapped[float | None]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    etag: Mapped[str | None] = mapped_column(SafeText)
    last_modified: Mapped[str | None] = mapped_column(SafeText)
    body_hash: Mapped[str | None] = mapped_column(Hash)
    hints: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    entry_times: Mapped[list[str] | None] = mapped_column(JsonText)
    pace: Mapped[list[tuple[int, str]] | None] = mapped_column(JsonText)

    next_poll_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_new_entry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(SafeText)
    remarks: Mapped[list[str] | None] = mapped_column(JsonText)
    truncated: Mapped[bool] = mapped_column(default=False)
    moved_to: Mapped[str | None] = mapped_column(SafeText)
    moved_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_sightings: Mapped[int] = mapped_column(default=0)
    gone_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone: Mapped[bool] = mapped_column(default=False)
    decay: Mapped[str | None] = mapped_column(SafeText)
    decayed_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fresh_for: Mapped[float | None]
    crawl_delay: Mapped[float | None]
    quiet_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    listing: Mapped[dict[str, str] | None] = mapped_column(JsonText)
    found_in: Mapped[int | None] = mapped_column(BigId)

    # With all that the look for due feeds needs: else it would read the wide row of each that is due.
    __table_args__ = (Index("ix_feeds_due", "next_poll_at", "active", "paused", "host"),)


class FormerAddress(Base):
    """An address that a feed had before it moved: configurations and lists of feeds may still know it by that."""

    __tablename__ = "former_addresses"

    url_hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(SafeText)
    left_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FeedClaim(Base):
    """A feed that is being polled until `lease_until`, or whose last polls broke off: `attempts` were begun.

    No foreign key, which on PostgreSQL would write into the feed's row with every claim; feeds are never deleted.
    """

    __tablename__ = "feed_claims"

    feed_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=1)


class FeedPoll(Base):
    """One poll that brought something or failed; an unchanged one leaves its mark in the feed's own row alone."""

    __tablename__ = "feed_polls"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    status: Mapped[int | None]
    milliseconds: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(SafeText)

    __table_args__ = (Index("ix_feed_polls_feed_id_at", "feed_id", "at"),)
