"""The lock on a data folder, which one service holds at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.errors import AlreadyRunningError, ConfigurationError

_LOCK = "storywatch.lock"


@contextmanager
def hold_data(folder: Path) -> Iterator[None]:
    """Hold the data folder, made where it is missing; the kernel lets go when this process dies, however it dies.

    Raises `AlreadyRunningError` when another service holds it, `ConfigurationError` when it cannot be used.
    """
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
