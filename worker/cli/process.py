"""The processes of the service, one command each: `storywatch run` and the Procfile start the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from worker.errors import ConfigurationError
from worker.setup.settings import Settings, load_settings

_CELERY = ("celery", "-q", "-A", "worker.queue.celery_app")


class Pool(StrEnum):
    """A worker's queue, which decides what kind of pool it runs."""

    FETCH = "fetch"
    ANALYZE = "analyze"
    MAIL = "mail"


def worker(
    pools: Annotated[list[Pool], typer.Argument(help="The queues to work on; fetch and mail may be together.")],
) -> None:
    """Run the worker of one or more queues in the foreground."""
    _become(*_CELERY, *celery_arguments(pools, load_settings()))


def beat() -> None:
    """Run the clock in the foreground."""
    _become(*_CELERY, "beat")


def web() -> None:
    """Serve the status, archive and unsubscribe pages in the foreground."""
    _become("worker.web")


def celery_arguments(pools: Sequence[Pool], settings: Settings) -> list[str]:
    """Return a worker's Celery arguments: threads wait, prefork children can be killed, mail goes singly.

    Raises `ConfigurationError` when what computes is to share a process with what waits.
    """
    if Pool.ANALYZE in pools and len(pools) > 1:
        raise ConfigurationError("the analyze queue needs a worker of its own: its processes are killed when late")
    if Pool.ANALYZE in pools:
        from worker.setup.embedder import check_embedder  # and with it what stories are made of

        check_embedder(settings)
    shape = ["-P", "solo"]
    if Pool.ANALYZE in pools:
        # None while there is nothing to read: a process that has read keeps the libraries it needed, 120 MB.
        shape = ["-P", "prefork", "--autoscale", f"{settings.analyze.processes},0"]
    elif Pool.FETCH in pools:
        shape = ["-P", "threads", "-c", str(settings.fetch.threads)]
    chatter = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    names = [pool.value for pool in pools]
    queues = [*names, "clock"] if Pool.FETCH in pools else names  # who waits for others has time for the clock
    return ["worker", "-Q", ",".join(queues), *shape, "-n", f"{'-'.join(names)}@%h", *chatter]


def _become(module: str, *arguments: str) -> None:
    """Replace this process, so that the command line's own memory is given back."""
    os.umask(0o077)  # the database and the outbox hold people's addresses
    # Threads otherwise get an arena each, whose free pages the C library keeps.
    environment = {"MALLOC_ARENA_MAX": "2", **os.environ}
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], environment)  # noqa: S606
