"""Stories: what many articles tell of one event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, SafeText, UtcDateTime


class Story(Base):
    """`revision` grows with every report that is no copy.

    `unsettled_at` is when it last changed without having been looked at among its neighbours since.
    `news_number` counts over all stories together: the one that changed last has the highest. By it, and by no clock,
    a digest knows which stories it has not looked at yet.
    """

    __tablename__ = "stories"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    developed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    first_published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_published_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    size: Mapped[int]
    revision: Mapped[int]
    news_number: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0", index=True)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("stories.id", ondelete="SET NULL"))
    unsettled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "ix_stories_unsettled_at", "unsettled_at",
            sqlite_where=text("unsettled_at IS NOT NULL"), postgresql_where=text("unsettled_at IS NOT NULL"),
        ),
        Index(
            "ix_stories_merged_into", "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"), postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )  # fmt: skip


class StoryKey(Base):
    """A rare term of a report, and when that appeared: the inverted index of stories."""

    __tablename__ = "story_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class StoryEvent(Base):
    """What happened to a story: opened, joined, and with hindsight merged, split or moved.

    For the last three `other_story_id` is the story that an article came from, or that this one went into.
    """

    __tablename__ = "story_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="SET NULL"))
    detail: Mapped[str] = mapped_column(SafeText, default="")
    other_story_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id", ondelete="SET NULL"))

    __table_args__ = (
        Index("ix_story_events_story_id_at", "story_id", "at"),
        Index("ix_story_events_article_id", "article_id"),
        Index(
            "ix_story_events_other_story_id", "other_story_id",
            sqlite_where=text("other_story_id IS NOT NULL"), postgresql_where=text("other_story_id IS NOT NULL"),
        ),
    )  # fmt: skip
