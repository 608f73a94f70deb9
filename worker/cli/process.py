"""The processes of the service, one command each: `storywatch run` and the Procfile start the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import StrEnum

import typer

from worker.settings import Settings, load_settings


class Pool(StrEnum):
    """A worker's queue, which decides what kind of pool it runs."""

    FETCH = "fetch"
    ANALYZE = "analyze"
    MAIL = "mail"


def worker(pool: Pool) -> None:
    """Run the worker of one queue in the foreground."""
    _become(celery_arguments(pool, load_settings()))


def beat() -> None:
    """Run the clock in the foreground."""
    _become(["beat"])


def web() -> None:
    """Serve the status, archive and unsubscribe pages in the foreground."""
    from worker.web.app import serve

    raise typer.Exit(serve(load_settings()))


def celery_arguments(pool: Pool, settings: Settings) -> list[str]:
    """Return a pool's Celery arguments: threads wait, a prefork child can be killed, mail goes singly."""
    shape = {
        Pool.FETCH: ["-P", "threads", "-c", str(settings.fetch.threads)],
        Pool.ANALYZE: ["-P", "prefork", "-c", str(settings.analyze.processes)],
        Pool.MAIL: ["-P", "solo"],
    }[pool]
    chatter = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return ["worker", "-Q", pool.value, *shape, "-n", f"{pool.value}@%h", *chatter]


def _become(arguments: Sequence[str]) -> None:
    """Replace this process: the command line's own memory is given back."""
    os.execv(sys.executable, [sys.executable, "-m", "celery", "-q", "-A", "worker.celery_app", *arguments])  # noqa: S606
