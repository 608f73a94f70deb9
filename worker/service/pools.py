"""A worker's pool: what kind of processes or threads each queue's work needs, as Celery is told it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from worker.errors import ConfigurationError
from worker.setup.settings import Settings


class Pool(StrEnum):
    """A worker's queue, which decides what kind of pool it runs."""

    FETCH = "fetch"
    ANALYZE = "analyze"
    MAIL = "mail"


def celery_arguments(pools: Sequence[Pool], settings: Settings) -> list[str]:
    """Return a worker's Celery arguments: threads wait, prefork children can be killed, mail goes singly.

    Raises `ConfigurationError` when what computes is to share a process with what waits.
    """
    if Pool.ANALYZE in pools and len(pools) > 1:
        raise ConfigurationError("the analyze queue needs a worker of its own: its processes are killed when late")
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
