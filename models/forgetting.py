"""What is kept of people who are not to be known any more, and of links that work once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Hash, UtcDateTime


class ForgottenPerson(Base):
    """Somebody was forgotten: `key` is a keyed hash of their address, from which nobody can tell who it was."""

    __tablename__ = "forgotten_people"

    key: Mapped[str] = mapped_column(Hash, primary_key=True)
    forgotten_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UsedLink(Base):
    """A link that works once was used; `key` is a hash of what it carries."""

    __tablename__ = "used_links"

    key: Mapped[str] = mapped_column(Hash, primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
