"""The people who may open the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Person
from worker.errors import ConflictError
from worker.storage.db.hashes import string_hash

OWNER = "owner"
"""The role without which nobody could let others in: one person has it always."""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person. News with a number above `news_before` is new to them; `language` None: as their browser asks."""

    id: int
    address: str
    role: str
    language: str | None
    zone: str
    added_at: datetime
    looked_at: datetime | None
    looked_before: datetime | None
    news_before: int
    news_latest: int


def list_people(session: Session) -> list[PersonRecord]:
    """Return everybody, in the order of their addresses."""
    return [record_of(row) for row in session.scalars(select(Person).order_by(Person.address, Person.id))]


def find_person(session: Session, address: str) -> PersonRecord | None:
    """Return who has that address, however it is capitalised."""
    row = session.scalar(select(Person).where(Person.address_hash == _key(address)))
    return record_of(row) if row else None


def read_person(session: Session, person_id: int) -> PersonRecord | None:
    """Return the person with that id."""
    row = session.get(Person, person_id)
    return record_of(row) if row else None


def add_person(session: Session, address: str, role: str, *, now: datetime) -> PersonRecord:
    """Add a person, or give one who is there that role.

    Raises `ConflictError` when nobody would be left who is an owner, and when another adds them at this moment.
    """
    row = session.scalar(select(Person).where(Person.address_hash == _key(address)))
    if row is None:
        row = Person(
            address=address.strip(), address_hash=_key(address), role=role, added_at=now,
            zone="UTC", news_before=0, news_latest=0,
        )  # fmt: skip
        session.add(row)
    elif row.role != role:
        _require_other_owner(session, row)
        row.role = role
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError(f"{address} has just been let in by somebody else: look again") from error
    return record_of(row)


def remove_person(session: Session, person_id: int) -> bool:
    """Take a person away, with all logins; whether they were there. Raises `ConflictError` for the last owner."""
    row = session.get(Person, person_id)
    if row is None:
        return False
    _require_other_owner(session, row)
    session.delete(row)
    session.flush()
    return True


def save_choices(session: Session, person_id: int, *, language: str | None, zone: str) -> None:
    """Keep in which language and whose time the desk speaks to a person."""
    session.execute(update(Person).where(Person.id == person_id).values(language=language, zone=zone))


def save_look(
    session: Session, person_id: int, *, before: int, since: datetime | None, latest: int, at: datetime
) -> None:
    """Keep that a person looked at the stories and up to which news, and when they had the look before."""
    values = {"news_before": before, "looked_before": since, "news_latest": latest, "looked_at": at}
    session.execute(update(Person).where(Person.id == person_id).values(values))


def record_of(row: Person) -> PersonRecord:
    """Return the row as a value."""
    return PersonRecord(
        row.id, row.address, row.role, row.language, row.zone, row.added_at, row.looked_at,
        row.looked_before, row.news_before, row.news_latest,
    )  # fmt: skip


def _key(address: str) -> str:
    return string_hash(address.strip().casefold())


def _require_other_owner(session: Session, row: Person) -> None:
    if row.role != OWNER:
        return
    owners: Sequence[int] = session.scalars(select(Person.id).where(Person.role == OWNER).with_for_update()).all()
    if list(owners) == [row.id]:
        raise ConflictError(f"{row.address} is the only owner of the desk: make another person owner first")
