"""Sites: what was read of each, which lines recur there, and what was decided about those."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, JsonText, SafeText, UtcDateTime


class Site(Base):
    """`state` is idle or due: there are lines to judge, or articles to read again with what was learned.

    `wanted` grows with every reason to review the site; a review that began at an older number is followed by another.
    Articles up to `cursor` have been read again; from there to `last_article_id` they have not.
    """

    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    host: Mapped[str] = mapped_column(String(255), unique=True)
    first_read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    wanted: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int] = mapped_column(BigId, default=0)
    last_article_id: Mapped[int] = mapped_column(BigId, default=0)
    state: Mapped[str] = mapped_column(String(16), default="idle")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(SafeText)

    __table_args__ = (Index("ix_sites_waiting", "state", "next_try_at"),)


class SiteReading(Base):
    """One article as it was read. `words`, `whole` and `text_key` are its page's; no words where there was no page."""

    __tablename__ = "site_readings"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="SET NULL"))
    template: Mapped[str] = mapped_column(String(80))
    words: Mapped[int | None]
    whole: Mapped[bool] = mapped_column(default=True)
    text_key: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_site_readings_site_id", "site_id", "article_id"),
        Index("ix_site_readings_feed_id", "feed_id", "article_id"),
    )


class SiteLine(Base):
    """A line stood in an article of the site: what recurrence is counted from. `line` is the line's key."""

    __tablename__ = "site_lines"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True)
    apart: Mapped[bool] = mapped_column(default=False)
    __table_args__ = ({"sqlite_with_rowid": False},)


class SiteVerdict(Base):
    """What was decided about a line: `verdict` is boilerplate, story, or kept (by a person, for good).

    `sightings` is how many there were then: a line that stayed is judged again when there are half as many more.
    """

    __tablename__ = "site_verdicts"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(SafeText)
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(SafeText)
    sightings: Mapped[int]
    examples: Mapped[list[int]] = mapped_column(JsonText)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
