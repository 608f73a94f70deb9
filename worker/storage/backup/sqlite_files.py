"""SQLite's database as a file: copied while others write, and replaced while nobody does."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from contextlib import closing
from itertools import chain, count
from pathlib import Path

from worker.errors import ConfigurationError, StorageError
from worker.storage.db.database import Database

_LOGS = ("-wal", "-shm")


def copy_out(database: Database, file: Path) -> None:
    """Write the database as it is at one moment into the file, which is one without a log beside it."""
    with database.engine.connect() as connection, closing(sqlite3.connect(file)) as target:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            found = _faults(target)
        except sqlite3.Error as error:
            raise StorageError(f"the database cannot be copied: {error}") from error
    if found:
        raise StorageError(f"the database is broken, and so would its backup be: {found}")


def read_revision(file: Path) -> str:
    """Return the schema's revision of the file. Raises `ConfigurationError` unless it is a whole database of ours."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = _faults(connection)
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise ConfigurationError(f"{file} is no backup of Storywatch: {error}") from error
    if found or row is None:
        raise ConfigurationError(f"{file} is no whole backup: {found or 'it has no revision'}")
    return str(row[0])


def put_back(database: Database, file: Path) -> Path | None:
    """Put a copy of the file in the database's place; return where the former one lies then, if there was one.

    Raises `StorageError` while anybody has the database open.
    """
    target = database.file
    if target is None:
        raise StorageError("a database in memory cannot be restored")
    database.close()
    new = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        new.touch(mode=0o600, exist_ok=False)
        shutil.copyfile(file, new)
        with new.open("rb") as written:
            os.fsync(written.fileno())
        former = _set_aside(target)
        new.replace(target)
    except OSError as error:
        raise StorageError(f"{target} cannot be replaced: {error.strerror}") from error
    finally:
        new.unlink(missing_ok=True)
    return former


def _set_aside(target: Path) -> Path | None:
    if not target.exists():
        return None
    former = _free_name(target)
    is_whole = _close_last(target)
    logs = [target.with_name(target.name + end) for end in _LOGS]
    if is_whole and logs[0].exists():
        raise StorageError(f"{target} is in use: stop whatever works with it first")
    target.replace(former)
    for log in logs:
        log.unlink(missing_ok=True)
    return former


def _free_name(target: Path) -> Path:
    """The first of `.before-restore`, `.before-restore-2` … that no file has: none of them is written over."""
    first = target.with_name(f"{target.name}.before-restore")
    others = (first.with_name(f"{first.name}-{number}") for number in count(2))
    return next(name for name in chain([first], others) if not name.exists())


def _close_last(target: Path) -> bool:
    """Open the file and close it: whoever is the last takes its log away. False where it cannot be read."""
    try:
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        raise StorageError(f"{target} is in use: {error}") from error
    except sqlite3.DatabaseError:
        return False
    return True


def _faults(connection: sqlite3.Connection) -> str:
    """The first thing that is wrong with a database; "" for a whole one."""
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    return "" if said == "ok" else str(said)
