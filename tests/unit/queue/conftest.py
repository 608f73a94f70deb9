"""The real things on a SQLite database of their own, at a fixed moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import NOW
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db.database import Database


@pytest.fixture
def deps(sqlite: Database, tmp_path: Path) -> Iterator[Deps]:
    settings = load_settings(folder=tmp_path, database_url=f"sqlite:///{tmp_path / 'test.db'}")
    deps = Deps(settings, now=lambda: NOW)
    yield deps
    deps.database.close()
