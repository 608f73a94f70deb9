"""Mail servers as they were last found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SafeText, UtcDateTime


class MailHost(Base):
    """`host` is name and port. After `failures` in a row nothing is sent there before `rest_until`.

    `next_turn_at` is when the next message may go, so that all workers together keep to the rate.
    """

    __tablename__ = "mail_hosts"

    host: Mapped[str] = mapped_column(String(300), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    rest_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_turn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(SafeText)
