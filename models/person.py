"""People who may open the desk, the browsers they are logged in with, and the links that log them in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Hash, SafeText, UtcDateTime


class Person(Base):
    """`role` is owner or editor. Without a `language` the desk speaks the browser's.

    `looked_at` is when they last opened their list of stories, and `news_latest` the number of the latest news there
    was then; `looked_before` and `news_before` are those of the look before: what is later is new to them. No id comes
    again, for a form that is still open in a browser names it.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    address: Mapped[str] = mapped_column(SafeText)
    address_hash: Mapped[str] = mapped_column(Hash, unique=True)
    role: Mapped[str] = mapped_column(String(16))
    language: Mapped[str | None] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    news_before: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    news_latest: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    __table_args__ = ({"sqlite_autoincrement": True},)


class DeskSession(Base):
    """A browser that is logged in: of its cookie only the hash is kept. `agent` is what it calls itself."""

    __tablename__ = "desk_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(Hash, unique=True)
    agent: Mapped[str] = mapped_column(SafeText, default="")
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = ({"sqlite_autoincrement": True},)


class LoginLink(Base):
    """A link that logs a person in once: it goes with its use, and only its hash is kept."""

    __tablename__ = "login_links"

    token_hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
