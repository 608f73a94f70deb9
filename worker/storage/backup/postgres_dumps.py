"""PostgreSQL's database as a file of its own tools: `pg_dump`, `pg_restore` and `psql`, where these are installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, text

from models import Base
from worker.errors import ConfigurationError, StorageError
from worker.storage.db.database import Database

_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_SEARCH = (
    "DROP TABLE IF EXISTS search_index CASCADE;",
    "DROP FUNCTION IF EXISTS search_write(), search_vector(text, text, text, text), search_fold(text) CASCADE;",
)  # what no model names
_NO_NOTICES = "SET LOCAL client_min_messages = warning;"


def dump(url: URL, file: Path) -> None:
    """Write the database as it is at one moment into the file, in pg_dump's custom format, and look through it."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", url=url)
    read_revision(file)


def read_revision(file: Path) -> str:
    """Return the schema's revision of the file. Raises `ConfigurationError` unless it is a whole dump of ours."""
    try:
        _run("pg_restore", f"--file={os.devnull}", str(file))  # reads all of it
        rows = _run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file))
    except StorageError as error:
        raise ConfigurationError(f"{file} is no whole backup of Storywatch: {error}") from error
    found = re.search(r"^COPY \S*alembic_version .*\n(\w+)$", rows, re.MULTILINE)
    if found is None:
        raise ConfigurationError(f"{file} is no whole backup: it has no revision")
    return found[1]


def put_back(database: Database, file: Path) -> None:
    """Let the database hold what the file does in the place of our tables, or leave all as it is.

    Raises `StorageError` while anything else is connected to the database, and where it cannot be done.
    """
    database.close()
    with database.reading() as session:
        others = session.scalar(text(_OTHERS))
    database.close()
    if others:
        raise StorageError(f"the database is in use by {others} connections: stop what works with it first")
    drops = [f"DROP TABLE IF EXISTS {name} CASCADE;" for name in (*Base.metadata.tables, "alembic_version")]
    _replay(file, database.engine.url, before="\n".join(("BEGIN;", _NO_NOTICES, *_SEARCH, *drops, "")))


def _replay(file: Path, url: URL, *, before: str) -> None:
    """Let psql do what stands in `before`, which begins a transaction, and what the dump says.

    It commits only what pg_restore has said to its end: whatever fails, and whoever is killed, nothing has changed.
    """
    where, environment = _reach(url)
    quietly = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    with tempfile.TemporaryFile() as said:
        reader = subprocess.Popen(  # noqa: S603 (our own command line)
            [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)],
            stdout=subprocess.PIPE, stderr=said,
        )  # fmt: skip
        writer = subprocess.Popen(  # noqa: S603 (our own command line)
            [_program("psql"), *quietly, *where], env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said,
        )  # fmt: skip
        with reader, suppress(BrokenPipeError), writer:  # it breaks where psql gives up, which its status tells
            _tell(reader, writer, before)
        if reader.returncode or writer.returncode:
            said.seek(0)
            raise StorageError(
                f"the backup cannot be put back, all is as it was: {_first_line(said.read().decode(errors='replace'))}"
            )


def _tell(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes], before: str) -> None:
    assert reader.stdout is not None
    assert writer.stdin is not None
    writer.stdin.write(before.encode())
    shutil.copyfileobj(reader.stdout, writer.stdin)
    if reader.wait() == 0:
        writer.stdin.write(b"\nCOMMIT;\n")


def _run(tool: str, *arguments: str, url: URL | None = None) -> str:
    program = _program(tool)
    where, environment = _reach(url) if url is not None else ((), None)
    done = subprocess.run(  # noqa: S603 (our own command line)
        [program, *where, *arguments], env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise StorageError(f"{tool} failed: {_first_line(done.stderr)}")
    return done.stdout


def _program(tool: str) -> str:
    program = shutil.which(tool)
    if program is None:
        raise ConfigurationError(f"{tool} is not on this machine: install PostgreSQL's client programs")
    return program


def _reach(url: URL) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the option that names the database, and the environment with its password, which no option may show."""
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    plain = url.set(drivername="postgresql", password=None)
    return (f"--dbname={plain.render_as_string(hide_password=False)}",), {**os.environ, **password}


def _first_line(said: str) -> str:
    lines = said.strip().splitlines()
    return lines[0][:300] if lines else "it said nothing"
