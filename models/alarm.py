"""What is wrong with the installation, and whether its operator knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SafeText, UtcDateTime


class Alarm(Base):
    """`name` is that of the part that is ill, `since` when that was first seen, `seen_at` when it was last."""

    __tablename__ = "alarms"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    said: Mapped[str] = mapped_column(SafeText)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[bool]
