"""The processes of the service, one command each: `storywatch run` and the Procfile start the same."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from worker.service.data_lock import work_on_data
from worker.service.pools import Pool, celery_arguments
from worker.setup.settings import Settings, load_settings, require_redis_url

_CELERY = ("celery", "-q", "-A", "worker.queue.celery_app")


def worker(
    pools: Annotated[list[Pool], typer.Argument(help="The queues to work on; fetch and mail may be together.")],
) -> None:
    """Run the worker of one or more queues in the foreground."""
    settings = load_settings()
    require_redis_url(settings)
    _become(settings, *_CELERY, *celery_arguments(pools, settings))


def beat() -> None:
    """Run the clock in the foreground."""
    settings = load_settings()
    require_redis_url(settings)
    _become(settings, *_CELERY, "beat")


def web() -> None:
    """Serve the readers' pages and the owner's status page in the foreground."""
    _become(load_settings(), "worker.web")


def _become(settings: Settings, module: str, *arguments: str) -> None:
    """Replace this process, so that the command line's own memory is given back."""
    os.umask(0o077)  # the database and the outbox hold people's addresses
    if not settings.database_url:
        work_on_data(settings.data_folder)
    # Threads otherwise get an arena each, whose free pages the C library keeps.
    environment = {"MALLOC_ARENA_MAX": "2", **os.environ}
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], environment)  # noqa: S606
