"""How people are let in: a link that works once, and the session of a browser that has used one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import DeskSession, LoginLink, Person
from worker.storage.db.hashes import string_hash
from worker.storage.people.person_rows import PersonRecord, record_of

_LINKS = 5  # of one person that may lie in mails at a time
_SESSIONS = 20  # of one person; the one not used for longest ends first
_AGENT = 200  # characters
_FRESH = timedelta(minutes=10)  # within which a session's use is not written down again


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A browser that is logged in until `expires_at`."""

    id: int
    person_id: int
    agent: str
    begun_at: datetime
    used_at: datetime
    expires_at: datetime


def save_link(session: Session, person_id: int, token: str, *, now: datetime, expires_at: datetime) -> None:
    """Let the token log that person in once; the oldest of many others no longer do."""
    kept = select(LoginLink.token_hash).where(LoginLink.person_id == person_id)
    newest = session.scalars(kept.order_by(LoginLink.made_at.desc()).limit(_LINKS - 1)).all()
    session.execute(delete(LoginLink).where(LoginLink.person_id == person_id, LoginLink.token_hash.not_in(newest)))
    session.add(LoginLink(token_hash=string_hash(token), person_id=person_id, made_at=now, expires_at=expires_at))
    session.flush()


def whose_link(session: Session, token: str, *, now: datetime) -> PersonRecord | None:
    """Return whom the token would log in now."""
    live = (LoginLink.token_hash == string_hash(token), LoginLink.expires_at > now)
    row = session.scalar(select(Person).join(LoginLink, LoginLink.person_id == Person.id).where(*live))
    return record_of(row) if row else None


def use_link(session: Session, token: str, *, now: datetime) -> PersonRecord | None:
    """Use the token up, and return whom it logs in; None for whoever comes second."""
    person = whose_link(session, token, now=now)
    used = session.connection().execute(delete(LoginLink).where(LoginLink.token_hash == string_hash(token)))
    return person if used.rowcount else None


def begin_session(
    session: Session, person_id: int, token: str, *, agent: str, now: datetime, expires_at: datetime
) -> int:
    """Log a browser in that shows the token; of too many of one person, those unused for longest end."""
    mine = select(DeskSession.id).where(DeskSession.person_id == person_id)
    newest = session.scalars(mine.order_by(DeskSession.used_at.desc()).limit(_SESSIONS - 1)).all()
    session.execute(delete(DeskSession).where(DeskSession.person_id == person_id, DeskSession.id.not_in(newest)))
    row = DeskSession(
        person_id=person_id, token_hash=string_hash(token), agent=agent[:_AGENT],
        begun_at=now, used_at=now, expires_at=expires_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def find_session(session: Session, token: str, *, now: datetime) -> tuple[SessionRecord, PersonRecord] | None:
    """Return the session that shows the token, and whose it is, while it lasts."""
    live = (DeskSession.token_hash == string_hash(token), DeskSession.expires_at > now)
    found = session.execute(select(DeskSession, Person).join(Person).where(*live)).one_or_none()
    return (_session_of(found[0]), record_of(found[1])) if found else None


def is_stale(one: SessionRecord, *, now: datetime) -> bool:
    """Whether that the session is in use is worth writing down."""
    return now - one.used_at > _FRESH


def save_session_use(session: Session, session_id: int, *, now: datetime, expires_at: datetime) -> None:
    """Keep that the session is in use, and lasts until then."""
    values = {"used_at": now, "expires_at": expires_at}
    session.execute(update(DeskSession).where(DeskSession.id == session_id).values(values))


def list_sessions(session: Session, person_id: int, *, now: datetime) -> list[SessionRecord]:
    """Return a person's sessions, the one used last first."""
    mine = select(DeskSession).where(DeskSession.person_id == person_id, DeskSession.expires_at > now)
    return [_session_of(row) for row in session.scalars(mine.order_by(DeskSession.used_at.desc(), DeskSession.id))]


def end_session(session: Session, person_id: int, session_id: int) -> None:
    """Log a browser of that person out."""
    session.execute(delete(DeskSession).where(DeskSession.id == session_id, DeskSession.person_id == person_id))


def end_other_sessions(session: Session, person_id: int, kept: int | None) -> None:
    """Log out all browsers of that person but one, and let no link in a mail log in another."""
    session.execute(delete(DeskSession).where(DeskSession.person_id == person_id, DeskSession.id != (kept or 0)))
    session.execute(delete(LoginLink).where(LoginLink.person_id == person_id))


def prune_logins(session: Session, *, before: datetime) -> int:
    """Forget links and sessions that ended before that moment; return how many."""
    connection = session.connection()
    return sum(
        connection.execute(delete(table).where(table.expires_at < before)).rowcount
        for table in (LoginLink, DeskSession)
    )


def _session_of(row: DeskSession) -> SessionRecord:
    return SessionRecord(row.id, row.person_id, row.agent, row.begun_at, row.used_at, row.expires_at)
