"""A backup of either database: one file, readable by its owner alone, looked through before it counts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.errors import ConfigurationError
from worker.storage.backup import postgres_dumps, sqlite_files
from worker.storage.db.database import Database
from worker.storage.db.migrations import is_known, upgrade


def write_backup(database: Database, file: Path) -> None:
    """Write what the database holds at this moment into the file, which must not be there yet.

    Raises `ConfigurationError` where it cannot be written, `StorageError` where what was written is not whole.
    """
    if file.exists():
        raise ConfigurationError(f"{file} is there already: a backup replaces no other file")
    with _coming_into_being(file) as part:
        if database.is_sqlite:
            sqlite_files.copy_out(database, part)
        else:
            postgres_dumps.dump(database.engine.url, part)


def read_revision(database: Database, file: Path) -> str:
    """Return the revision of a backup. Raises `ConfigurationError` for a file that is none of such a database."""
    if not file.is_file():
        raise ConfigurationError(f"{file} is no file")
    read = sqlite_files.read_revision if database.is_sqlite else postgres_dumps.read_revision
    return read(file)


def restore_backup(database: Database, file: Path) -> Path | None:
    """Let the database hold what the backup does, brought to the schema of this code.

    Return where SQLite's former file lies, if there was one. Raises `ConfigurationError` for a file that is no backup
    or of a later version, `StorageError` while anything is connected to the database.
    """
    revision = read_revision(database, file)
    if not is_known(revision):
        raise ConfigurationError(f"{file} is of a later version of Storywatch (revision {revision}): install that one")
    former = None
    if database.is_sqlite:
        former = sqlite_files.put_back(database, file)
    else:
        postgres_dumps.put_back(database, file)
    upgrade(database)
    return former


@contextmanager
def _coming_into_being(file: Path) -> Iterator[Path]:
    """Yield where to write; it becomes the file when the block ends well, else it is gone."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        part.touch(mode=0o600, exist_ok=False)
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        _name(part, file)
    except OSError as error:
        raise ConfigurationError(f"the backup {file} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, file: Path) -> None:
    """Give what was written its name, where nothing has it; some file systems can only rename."""
    try:
        file.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        part.rename(file)
