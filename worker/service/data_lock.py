"""The locks on a data folder: one service holds it at a time, and single processes say that they work on it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from worker.errors import AlreadyRunningError, ConfigurationError

_SERVICE, _PROCESSES = "storywatch.lock", "processes.lock"


@contextmanager
def hold_data(folder: Path) -> Iterator[None]:
    """Hold the data folder, made where it is missing; the kernel lets go when this process dies, however it dies.

    Raises `AlreadyRunningError` when another service holds it, `ConfigurationError` when it cannot be used.
    """
    with _open(folder, _SERVICE) as file:
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
def keep_processes_out(folder: Path) -> Iterator[None]:
    """Let no process of a Procfile begin its work on that folder; raises `AlreadyRunningError` where one is at it."""
    with _open(folder, _PROCESSES) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError(f"processes of a service are at work on {folder}: stop them first") from error
        yield


def work_on_data(folder: Path) -> None:
    """Say that this process, and the program that takes its place, works on that folder; wait where it is kept out."""
    with _open(folder, _PROCESSES) as file:
        descriptor = os.dup(file.fileno())
    os.set_inheritable(descriptor, True)
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def _open(folder: Path, name: str) -> TextIO:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / name).open("a+", encoding="ascii")
    except OSError as error:
        raise ConfigurationError(f"the data folder {folder} cannot be used: {error.strerror}") from error
