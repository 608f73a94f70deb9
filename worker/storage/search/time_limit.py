"""A limit to how long one search may keep the database busy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection
from time import monotonic

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from worker.errors import SearchError

_SECONDS = 5
_STEPS = 50_000  # of SQLite's machine between two looks at the clock: about a millisecond

_LIMIT = text("SELECT set_config('statement_timeout', :limit, true), set_config('enable_seqscan', 'off', true)")
"""In this transaction alone. Without it PostgreSQL reads every vector where the index has few to be looked at."""


_CANCELLED = "57014"  # query_canceled, in whatever language the server speaks


@contextmanager
def limited(session: Session, *, seconds: float = _SECONDS) -> Iterator[None]:
    """Let what the session does meanwhile take so long at most. Raises `SearchError` where it would take longer."""
    connection = session.connection()
    driver = connection.connection.driver_connection
    sqlite = driver if isinstance(driver, Connection) else None
    if sqlite:
        end = monotonic() + seconds
        sqlite.set_progress_handler(lambda: monotonic() > end, _STEPS)
    else:
        session.execute(_LIMIT, {"limit": f"{seconds * 1000:.0f}"})
    try:
        yield
    except OperationalError as error:
        if "interrupted" in str(error.orig) or getattr(error.orig, "sqlstate", None) == _CANCELLED:
            raise SearchError(
                f"the search took more than {seconds:g} seconds: ask for rarer words, longer beginnings or fewer days"
            ) from error
        raise
    finally:
        if sqlite:
            sqlite.set_progress_handler(None, 0)
