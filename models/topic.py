"""Topics as they were last loaded, and the articles that are about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Hash, JsonText, SafeText, UtcDateTime


class Topic(Base):
    __tablename__ = "topics"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    description: Mapped[str] = mapped_column(SafeText, default="")
    source: Mapped[str] = mapped_column(SafeText)
    source_hash: Mapped[str] = mapped_column(Hash)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
