"""What is left of what was deleted for its age, and how large the database was, day by day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class GoneArticle(Base):
    """The key of an article that is not kept any more: a feed that still lists it announces nothing new.

    `key` is the beginning of the hash by which the article was known; `seen_on` is when a feed last listed it.
    """

    __tablename__ = "gone_articles"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    gone_on: Mapped[date]
    seen_on: Mapped[date]


class DatabaseSize(Base):
    """How many bytes the database took on that day."""

    __tablename__ = "database_sizes"

    day: Mapped[date] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
