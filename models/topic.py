"""Topics as they were last loaded, the articles that are about them, and what people say of those."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Hash, JsonText, SafeText, UtcDateTime


class Topic(Base):
    """`source` is the text of the topic's file and of its learned model. Articles are judged by those `in_use`."""

    __tablename__ = "topics"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    description: Mapped[str] = mapped_column(SafeText, default="")
    source: Mapped[str] = mapped_column(SafeText)
    source_hash: Mapped[str] = mapped_column(Hash)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_use: Mapped[bool] = mapped_column(default=True)


class TopicMatch(Base):
    """`spans` are [field, start, end, term]; `band` is strict, balanced or wide."""

    __tablename__ = "topic_matches"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(80))
    score: Mapped[float]
    band: Mapped[str] = mapped_column(String(16))
    spans: Mapped[list[list[str | int]]] = mapped_column(JsonText)
    reasons: Mapped[list[str]] = mapped_column(JsonText)
    matched_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("article_id", "topic"),
        Index("ix_topic_matches_topic_matched_at", "topic", "matched_at"),
    )


class TopicLabel(Base):
    """What one person says of an article: `label` is yes, no or borderline; `via` is how they said it."""

    __tablename__ = "topic_labels"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic: Mapped[str] = mapped_column(String(80))
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    who: Mapped[str] = mapped_column(String(320))
    label: Mapped[str] = mapped_column(String(16))
    via: Mapped[str] = mapped_column(String(16))
    labelled_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("topic", "article_id", "who"),)


class Retag(Base):
    """A topic that is applied again to stored articles. `state` is pending, done or failed.

    Everything up to the article `cursor` is done, and `last_article_id` is where it ends: what was read
    later was read with the topic as it is now. What was read before `since` is left as it is.
    """

    __tablename__ = "retags"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic: Mapped[str] = mapped_column(String(80), unique=True)
    source_hash: Mapped[str] = mapped_column(Hash)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cursor: Mapped[int] = mapped_column(BigId, default=0)
    last_article_id: Mapped[int] = mapped_column(BigId)
    articles: Mapped[int] = mapped_column(default=0)
    gained: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)

    state: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(SafeText)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
