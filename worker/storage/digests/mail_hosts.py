"""How the mail servers do, and whose turn it is there, for all workers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import MailHost


@dataclass(frozen=True, slots=True)
class MailHostRecord:
    """A mail server: `failures` in a row, and until when it is left alone because of them."""

    host: str
    failures: int = 0
    rest_until: datetime | None = None
    reason: str | None = None

    def is_resting(self, now: datetime) -> bool:
        """Whether nothing is to be sent there yet."""
        return self.rest_until is not None and self.rest_until > now


def read_mail_host(session: Session, host: str) -> MailHostRecord:
    """Return what is known of the server; nothing speaks against one that is not known, or "" for none."""
    row = session.get(MailHost, host) if host else None
    return MailHostRecord(host, row.failures, row.rest_until, row.reason) if row else MailHostRecord(host)


def save_mail_host(session: Session, record: MailHostRecord) -> None:
    """Write down how the server does."""
    if not record.host:
        return
    row = session.get(MailHost, record.host) or MailHost(host=record.host)
    row.failures, row.rest_until, row.reason = record.failures, record.rest_until, record.reason
    session.add(row)


def take_turn(session: Session, record: MailHostRecord, *, now: datetime, spacing: timedelta) -> timedelta:
    """Take the next turn at that server, `spacing` after the one before; return how long it is until then.

    Workers that ask at the same time get different turns: only one of them moves the moment it has seen on.
    """
    host = record.host
    if not host or not spacing:
        return timedelta()
    if session.get(MailHost, host) is None:
        session.add(MailHost(host=host))
        session.flush()
    while True:
        seen = session.scalar(select(MailHost.next_turn_at).where(MailHost.host == host))
        turn = max(seen, now) if seen else now
        unmoved = MailHost.next_turn_at == seen if seen else MailHost.next_turn_at.is_(None)
        moved = session.connection().execute(
            update(MailHost).where(MailHost.host == host, unmoved).values(next_turn_at=turn + spacing)
        )
        if moved.rowcount == 1:
            return turn - now


def failing_hosts(session: Session) -> list[MailHostRecord]:
    """Return the servers that are left alone, or were until just now and have not answered since."""
    rows = session.scalars(select(MailHost).where(MailHost.rest_until.is_not(None)).order_by(MailHost.host))
    return [MailHostRecord(row.host, row.failures, row.rest_until, row.reason) for row in rows]
