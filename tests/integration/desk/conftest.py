"""An installation with a desk, and people at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from tests.conftest import NOW
from tests.integration.desk.desk_client import DeskClient, let_in
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.step import Wakeups
from worker.storage.db import migrations
from worker.web.app import make_status_web


@pytest.fixture
def deps(tmp_path: Path, redis_url: str) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path, redis_url=redis_url), now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.redis.close()
    deps.database.close()


@pytest.fixture
def woken() -> list[Wakeups]:
    """What the pages have woken."""
    return []


@pytest.fixture
def web(deps: Deps, woken: list[Wakeups]) -> ASGIApp:
    return make_status_web(deps, woken.append)


@pytest.fixture
def owner(deps: Deps, web: ASGIApp) -> DeskClient:
    return let_in(deps, web, "owner")


@pytest.fixture
def editor(deps: Deps, web: ASGIApp) -> DeskClient:
    return let_in(deps, web, "editor")


@pytest.fixture
def stranger(web: ASGIApp) -> DeskClient:
    return DeskClient(web)
