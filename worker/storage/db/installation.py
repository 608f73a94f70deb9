"""The installation's own name."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Installation


def installation_uid(session: Session) -> str:
    """Return the UUID that was made with the database and goes wherever it goes."""
    return session.scalars(select(Installation.uid)).one()
