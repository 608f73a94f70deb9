"""The whole service as children of one supervisor: what runs on one machine, started and stopped together."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from worker.errors import ConfigurationError
from worker.service.data_lock import hold_data
from worker.service.private_redis import redis_child, socket_folder
from worker.service.stop_signals import stopped_by_signals
from worker.service.supervisor import Child, Supervisor
from worker.setup.settings import CONFIG_VARIABLE, Settings, config_path

_COMMAND = (sys.executable, "-m", "worker.cli.main")
PROCESSES: Mapping[str, tuple[str, ...]] = {
    "web": ("web",),
    "fetch": ("worker", "fetch"),
    "analyze": ("worker", "analyze"),
    "mail": ("worker", "mail"),
    "beat": ("beat",),
}
"""By name: the arguments of `storywatch`. The Procfile has the same, and a test compares them."""


def processes(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """Return what to run on one machine.

    Without a mail server, writing digests into a folder needs no process of its own, which saves 100 MB.
    With one, mail goes out singly and waits for nobody's pages.
    """
    if settings.mail.host:
        return PROCESSES
    return {
        "web": PROCESSES["web"], "io": ("worker", "fetch", "mail"), "analyze": PROCESSES["analyze"],
        "beat": PROCESSES["beat"],
    }  # fmt: skip


@contextmanager
def running_service(settings: Settings, *, output: int | None = None) -> Iterator[Supervisor]:
    """Start the service and yield its supervisor; on leaving, nothing of it is left behind.

    What its processes print goes to the file descriptor `output`, or where our own goes.
    Raises `AlreadyRunningError` when another service holds the data folder, and `ConfigurationError`
    when the database cannot be prepared (the child that tried has said why).
    """
    os.umask(0o077)  # the database and the outbox hold people's addresses
    with hold_data(settings.data_folder), socket_folder() as folder:
        environment = {CONFIG_VARIABLE: str(config_path()), "REDIS_URL": settings.redis_url}
        children: list[Child] = []
        if not settings.redis_url:
            redis = folder / "redis.sock"
            environment["REDIS_URL"] = f"unix://{redis}"
            children.append(redis_child(redis, log=settings.data_folder / "redis.log"))
        if not config_path().is_file():
            del environment[CONFIG_VARIABLE]
        prepare(environment, output=output)
        children += [Child(name, (*_COMMAND, *rest), environment) for name, rest in processes(settings).items()]
        supervisor = Supervisor(children, output=output)
        try:
            with stopped_by_signals(supervisor.ask_to_stop):
                supervisor.start()
                yield supervisor
        finally:
            supervisor.stop()


def prepare(environment: Mapping[str, str], *, output: int | None = None) -> None:
    """Migrate the database and load the configuration, in a process of its own to keep this one small."""
    command = (*_COMMAND, "db", "upgrade", "--load")
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=output, check=False)  # noqa: S603 (our own)
    if done.returncode:
        raise ConfigurationError("the service was not started: see the line above")
