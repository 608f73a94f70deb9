"""Articles, the feeds they were seen in, and the samples their copies are found by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Hash, JsonText, SafeText, UtcDateTime

_COPIES = text("duplicate_of IS NOT NULL")


class Article(Base):
    """`state` is discovered, fetched, analyzed or failed; `url_hash` is that of the canonical URL.

    `has_page` says whether its entry had a link of its own: else the feed's text is all there is.
    `address_hash` is that of the address the page calls its own, which may be another one (rel=canonical).

    `revision` is 1 at first and grows when it changes so much that its readers are told, `updated_at` is when that
    was last. `updates_original` marks a copy that says something its group had not said before.
    `duplicate_of` is the original of the group of copies; `copied_from`, `similarity` and `shared_passage` are
    about the one article of the group that this one was found to be a copy of.
    `news_number` is that of its story when it came to it, or last changed so much: whoever has looked at the news up to
    it has looked at the article, wherever that has moved since. None for what came as a mere copy.
    `vector` is frozen when it is read. From `text_gone_at` on its words are not kept any more, nor those of its entry.
    """

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="SET NULL"), index=True)
    url: Mapped[str] = mapped_column(SafeText)
    url_hash: Mapped[str] = mapped_column(Hash, unique=True)
    outlet: Mapped[str] = mapped_column(SafeText, default="")
    entry_id: Mapped[str] = mapped_column(SafeText, default="")
    entry_title: Mapped[str] = mapped_column(SafeText, default="")
    entry_body: Mapped[str] = mapped_column(SafeText, default="", deferred=True)
    entry_published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_page: Mapped[bool] = mapped_column(default=True, server_default=true())
    mailable: Mapped[bool] = mapped_column(default=True)

    state: Mapped[str] = mapped_column(String(16), default="discovered")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(SafeText)
    discovered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    analyzed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    feed_only: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str | None] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(SafeText, default="")
    text: Mapped[str] = mapped_column(SafeText, default="", deferred=True)
    text_gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed: Mapped[list[list[str]] | None] = mapped_column(JsonText, deferred=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    language: Mapped[str | None] = mapped_column(String(16))
    authors: Mapped[list[str] | None] = mapped_column(JsonText)
    agency: Mapped[str | None] = mapped_column(SafeText)

    address_hash: Mapped[str | None] = mapped_column(Hash)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    updates_original: Mapped[bool] = mapped_column(default=False, server_default=false())
    text_hash: Mapped[str | None] = mapped_column(Hash)
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="SET NULL"))
    copied_from: Mapped[int | None] = mapped_column(BigId)
    duplicate_kind: Mapped[str | None] = mapped_column(String(8))
    similarity: Mapped[float | None]
    shared_passage: Mapped[str | None] = mapped_column(SafeText)

    story_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id", ondelete="SET NULL"))
    story_revision: Mapped[int | None]
    news_number: Mapped[int | None] = mapped_column(BigInteger)
    story_score: Mapped[float | None]
    story_evidence: Mapped[list[list[Any]] | None] = mapped_column(JsonText)
    vector: Mapped[dict[str, float] | None] = mapped_column(JsonText, deferred=True)

    __table_args__ = (
        Index("ix_articles_waiting", "state", "next_try_at"),
        Index("ix_articles_story_id", "story_id"),
        Index(
            "ix_articles_duplicate_of", "duplicate_of",
            sqlite_where=_COPIES, postgresql_where=_COPIES,
        ),
        Index("ix_articles_text_hash_published_at", "text_hash", "published_at"),
        Index("ix_articles_address_hash_id", "address_hash", "id"),
        Index("ix_articles_analyzed_at", "analyzed_at"),
    )  # fmt: skip


class Sighting(Base):
    """An article was listed by a feed: the first one discovers it, the others are kept for `explain`."""

    __tablename__ = "sightings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[str] = mapped_column(SafeText, default="")
    entry_hash: Mapped[str | None] = mapped_column(Hash)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("article_id", "feed_id"),)


class Beginning(Base):
    """A way in which an article's headline or text begins, in 63 bits: by it other pages of its site tell of it."""

    __tablename__ = "beginnings"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    __table_args__ = ({"sqlite_with_rowid": False},)


class SamplePage(Base):
    """A part of the inverted index of near-duplicates: sampled shingles and the articles that have them.

    `entries` holds those from `first` up to the next page's, packed (`worker.storage.sample_pages`). `month` is that
    of the articles' discovery, counted from year 0: PostgreSQL keeps a partition for each, and old ones go by being
    dropped. A sample whose article is gone finds nothing.
    """

    __tablename__ = "sample_pages"

    month: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    first: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entries: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = ({"postgresql_partition_by": "LIST (month)"},)
