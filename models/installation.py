"""The installation's own name: one row, made with the table and never changed."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Installation(Base):
    """`uid` is a UUID: what is told apart by it stays the same when addresses and secrets change."""

    __tablename__ = "installation"

    uid: Mapped[str] = mapped_column(String(36), primary_key=True)
