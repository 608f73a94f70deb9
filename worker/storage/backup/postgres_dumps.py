"""PostgreSQL's database as a file of its own tools, `pg_dump` and `pg_restore`, where these are installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, text

from models import Base
from worker.errors import ConfigurationError, StorageError
from worker.storage.db.database import Database

_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def dump(url: URL, file: Path) -> None:
    """Write the database as it is at one moment into the file, in pg_dump's custom format, and look through it."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", url=url)
    read_revision(file)


def read_revision(file: Path) -> str:
    """Return the schema's revision of the file. Raises `ConfigurationError` unless it is a dump of ours."""
    try:
        rows = _run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file))
    except StorageError as error:
        raise ConfigurationError(f"{file} is no backup of Storywatch: {error}") from error
    found = re.search(r"^COPY \S*alembic_version .*\n(\w+)$", rows, re.MULTILINE)
    if found is None:
        raise ConfigurationError(f"{file} is no whole backup: it has no revision")
    return found[1]


def put_back(database: Database, file: Path) -> None:
    """Drop our tables and let the database hold what the file does.

    Raises `StorageError` while anything else is connected to the database.
    """
    database.close()
    with database.transaction() as session:
        if others := session.scalar(text(_OTHERS)):
            raise StorageError(f"the database is in use by {others} connections: stop what works with it first")
        for name in (*Base.metadata.tables, "alembic_version"):
            session.execute(text(f"DROP TABLE IF EXISTS {name} CASCADE"))
    database.close()
    _run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", str(file), url=database.engine.url)


def _run(tool: str, *arguments: str, url: URL | None = None) -> str:
    program = shutil.which(tool)
    if program is None:
        raise ConfigurationError(f"{tool} is not on this machine: install PostgreSQL's client programs")
    environment, where = dict(os.environ), []
    if url is not None:
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        plain = url.set(drivername="postgresql", password=None)
        where = [f"--dbname={plain.render_as_string(hide_password=False)}"]
    done = subprocess.run(  # noqa: S603 (our own command line)
        [program, *where, *arguments], env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise StorageError(f"{tool} failed: {said[0][:300]}")
    return done.stdout
