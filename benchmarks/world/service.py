"""The world watched by `storywatch run` itself, in its own processes and by the real clock: one digest of it all."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from benchmarks.world.run import READER, Installation
from models import Article
from worker.cli.main import main

_PATIENCE, _QUIET, _LOOK = 600.0, 30.0, 3.0  # seconds


def service_start(days: int) -> datetime:
    """Return from when a world of that many days must be told for all of it to be published by now."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=days, hours=14)


def tell_once(installation: Installation) -> None:
    """Let the service read everything there is, then have the reader's digest sent.

    It is given ten minutes, or until nothing has changed for half a minute. Raises `RuntimeError` when it ends.
    """
    with _service(installation) as process:
        _settle(installation, process)
        with installation.configured(), redirect_stdout(io.TextIOWrapper(io.BytesIO())):
            main(["digest", "send", READER])


@contextmanager
def _service(installation: Installation) -> Iterator[subprocess.Popen[bytes]]:
    with installation.configured(), (installation.folder / "run.log").open("wb") as log:
        environment = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATABASE_URL")}
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.cli.main", "run"], cwd=installation.folder, env=environment,
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _settle(installation: Installation, process: subprocess.Popen[bytes]) -> None:
    end, since, before = time.monotonic() + _PATIENCE, time.monotonic(), (0, 0)
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the service ended: {(installation.folder / 'run.log').read_text()[-500:]}")
        found = _progress(installation)
        if found != before:
            since, before = time.monotonic(), found
        if found[0] and found[0] == found[1] and time.monotonic() - since > _QUIET:
            return
        time.sleep(_LOOK)


def _progress(installation: Installation) -> tuple[int, int]:
    """Return how many articles are known, and how many of them have been read or given up."""
    with installation.deps.reading() as session:
        known = session.scalar(select(func.count()).select_from(Article)) or 0
        done = Article.state.in_(("analyzed", "failed"))
        return known, session.scalar(select(func.count()).select_from(Article).where(done)) or 0
