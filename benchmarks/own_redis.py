"""A Redis of one's own, for a benchmark or the tests."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.service.private_redis import server_program

_PATIENCE = 10  # seconds for its start


@contextmanager
def own_redis() -> Iterator[str]:
    """Yield the URL of an empty one on a unix socket, which ends with the block and leaves nothing."""
    with tempfile.TemporaryDirectory(prefix="rd-") as folder:  # short: a socket's path may have 107 characters
        path = Path(folder) / "redis.sock"
        command = [server_program(), "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                _wait_for(path)
                yield f"unix://{path}"
            finally:
                process.terminate()


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the Redis at {path} did not start within {_PATIENCE} seconds")
        time.sleep(0.01)
