"""Real `storywatch` processes for tests: started, watched, and never left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

MARKS = {
    "redis": "-server", "web": "worker.web", "fetch": "-Q fetch,clock", "analyze": "-Q analyze",
    "mail": "-Q mail", "beat": "celery_app beat",
}  # fmt: skip
"""By child of a service that has a mail server: what its command line has in it, and no other's."""


@contextmanager
def storywatch(*arguments: str, folder: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run a `storywatch` command in `folder`; whatever it started is gone when the block ends."""
    command = [sys.executable, "-m", "worker.cli.main", *arguments]
    environment = {"NO_COLOR": "1", "COLUMNS": "200", **os.environ, **variables}
    log = folder / f"{arguments[0]}.log"
    with log.open("a") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output, text=True, start_new_session=True
        )
        children: list[psutil.Process] = []
        try:
            yield process
            children = descendants(process)
        finally:
            for left in [*children, *descendants(process)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    left.kill()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def child(process: subprocess.Popen[str], name: str) -> psutil.Process | None:
    """The direct child of that name, if it runs."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for found in psutil.Process(process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if MARKS[name] in " ".join(found.cmdline()) or name in found.name().removesuffix("-server"):
                    return found
    return None


def wait_until(ready: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Whether `ready()` came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(0.1)
    return False
