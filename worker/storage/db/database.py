"""The connection to the database: one shape of transaction for SQLite and PostgreSQL."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from worker.errors import ConfigurationError, MissingExtraError, StorageError

_PATIENCE_SECONDS = 5  # for a lock; the processes that compute are killed after ten
_JOURNAL_BYTES = 64 * 1024 * 1024  # SQLite's log is no longer than that once it has been worked off
_REBUILDING_SECONDS = 3600  # how long a change of the schema waits for another one
_SCHEMA_LOCK = 0x534348454D41  # "SCHEMA", as below
_STORY_LOCK = 0x53544F5259  # "STORY": any number will do that no other program on the database uses


class Database:
    """A database and its transactions. Cheap to make; connects when first used.

    `patience` is how many seconds a lock is waited for.
    """

    def __init__(self, url: str, *, connections: int = 10, patience: int = _PATIENCE_SECONDS) -> None:
        self.url = url
        self.engine = _engine(url, connections, patience)
        self._patience = patience
        self._reading = self.engine.execution_options(begin="BEGIN")
        weakref.finalize(self, self.engine.dispose)  # who forgets to close leaves no connection open

    @property
    def is_sqlite(self) -> bool:
        """Whether one file is the whole database."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """SQLite's file; None where the database is a server's, or in memory."""
        name = self.engine.url.database
        return Path(name).absolute() if self.is_sqlite and name and name != ":memory:" else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session that is committed at the end, or rolled back when the body raises."""
        with _faults_named(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for looking only: it never waits for a writer."""
        with _faults_named(), Session(self._reading, expire_on_commit=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """Yield a connection for changing the schema, committed at the end; who comes meanwhile waits for it.

        SQLite changes a table by copying it and dropping the original, which with foreign keys in force would
        delete every row that refers to it. They can be put out of force between transactions only.
        """
        with _faults_named(), self.engine.connect() as connection:
            driver = connection.connection.driver_connection if self.is_sqlite else None
            if driver is None:
                with connection.begin():
                    connection.execute(text(f"SET LOCAL lock_timeout = '{_REBUILDING_SECONDS}s'"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
                    connection.execute(text(f"SET LOCAL lock_timeout = '{self._patience}s'"))
                    yield connection
                return
            driver.execute("PRAGMA foreign_keys=OFF").close()
            driver.execute(f"PRAGMA busy_timeout={_REBUILDING_SECONDS * 1000}").close()
            try:
                with connection.begin():
                    yield connection
                    _require_sound(connection)
            finally:
                driver.execute("PRAGMA foreign_keys=ON").close()
                driver.execute(f"PRAGMA busy_timeout={self._patience * 1000}").close()

    def close(self) -> None:
        """Close every pooled connection; needed before and after a fork."""
        self.engine.dispose()


def serialize_stories(session: Session) -> None:
    """Let no other worker decide on stories until this transaction ends.

    On SQLite BEGIN IMMEDIATE has already seen to it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _STORY_LOCK})


def hold_snapshot(session: Session) -> None:
    """Let all that this session reads be of one moment; to be called before it reads.

    On SQLite it is so.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def _require_sound(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken:
        raise StorageError(f"after the change a row of {broken[0]} refers to one of {broken[2]} that is not there")


def _engine(url: str, connections: int, patience: int) -> Engine:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # neither names what is wrong without showing the password
        raise ConfigurationError(
            "DATABASE_URL cannot be read: write it as sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME"
        ) from error
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, connections, patience)
    if parsed.get_backend_name() != "postgresql":
        raise ConfigurationError(f"DATABASE_URL names {parsed.drivername!r}: use sqlite:///FILE or postgresql://…")
    waits = {"options": f"-c lock_timeout={patience}s"}
    try:
        return create_engine(parsed, pool_pre_ping=True, pool_size=connections, connect_args=waits)
    except ModuleNotFoundError as error:
        raise MissingExtraError("DATABASE_URL names PostgreSQL", "postgresql") from error


def _sqlite_engine(url: Any, connections: int, patience: int) -> Engine:
    if url.database:
        folder = Path(url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"the data folder {folder} cannot be made: {error.strerror}") from error
    engine = create_engine(url, connect_args={"timeout": patience}, pool_size=connections)
    event.listen(engine, "connect", partial(_prepare_sqlite, patience))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(patience: int, connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late and without IMMEDIATE: two writers would deadlock.
    connection.isolation_level = None
    busy = f"busy_timeout={patience * 1000}"
    if connection.execute("PRAGMA page_count").fetchone() == (0,):
        # What is deleted from the new file can be given back to the disk. On another one this would take a write lock.
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL").close()
    bounded = f"journal_size_limit={_JOURNAL_BYTES}"
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", busy, bounded):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise StorageError("every connection to the database is in use: fetch.threads is more than it bears") from error
    except (OperationalError, InterfaceError) as error:
        raise StorageError(_one_line(error)) from error
    except DatabaseError as error:
        # Of its kinds, only these are the database's fault: the others (a key that is taken, a wrong
        # statement) are the caller's. SQLite calls a broken file by the name of the whole family.
        missing = isinstance(error, ProgrammingError) and "does not exist" in str(error.orig)
        if not missing and type(error) is not DatabaseError:
            raise
        raise StorageError(_one_line(error)) from error


def _one_line(error: DBAPIError) -> str:
    fault = " ".join(str(error.orig).split())
    if "no such table" in fault or "does not exist" in fault:
        return f"the database is older than this code or empty ({fault}): run 'storywatch db upgrade'"
    if "disk is full" in fault or "No space left" in fault:
        return f"the disk that holds the database is full ({fault}): make room, work goes on by itself"
    return f"the database cannot be used: {fault}"
