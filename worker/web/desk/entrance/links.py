"""A login link: made for one person, works once, and only for a while."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from worker.setup.settings import Settings
from worker.storage.db.session import Session
from worker.storage.people import logins
from worker.web.desk.route import DESK

LASTS = timedelta(hours=1)


def new_link(session: Session, person_id: int, base_url: str, *, now: datetime) -> str:
    """Return the address of a new link for that person. It is written nowhere but to them: only its hash is kept."""
    token = secrets.token_urlsafe(32)
    logins.save_link(session, person_id, token, now=now, expires_at=now + LASTS)
    return f"{base_url}{DESK}/enter/{token}"


def where_desk_is(settings: Settings) -> str:
    """Return what the desk's addresses begin with: the readers' where it is public, else this machine's own.

    "" where the owner's pages are left out and it is not public.
    """
    return settings.web_url if settings.desk.public else settings.status_url
