"""A whole installation under test: its service as processes, its database, its mail server, and its fast clock."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.conftest import ROOT
from tests.faults.world import World
from tests.integration.faulty_mail_server import FaultyMailServer
from tests.integration.processes import MARKS, child, descendants, storywatch, wait_until
from worker.storage.db.database import Database

SPEED = 120.0  # two minutes of the service's time are a second
READERS = 6

_CONFIGURATION = """
log_format = "json"
{feeds}
{readers}
[fetch]
allow_private_hosts = [{hosts}]
spacing_seconds = 0
per_host = 8
timeout_seconds = 3

[mail]
host = "127.0.0.1"
port = {mail_port}
security = "none"
per_minute = 0
timeout_seconds = 6
doubt_seconds = 3600
sender = "storywatch@news.example"

[web]
port = 0

[analyze]
limit_seconds = 10

[clock]
feeds_seconds = 3
pages_seconds = 3
digests_seconds = 3
sweep_seconds = 5
stories_seconds = 10
lease_seconds = 2400
"""
_FEED = '[[feeds]]\nurl = "{url}"\noutlet = "{outlet}"\n'
_READER = '[[subscribers]]\naddress = "{address}"\nschedule = "instant every 5 minutes"\nstories = 100\n'


class Installation:
    """The service in a folder, and whatever a fault does to it. Nothing of it is left when the block ends."""

    def __init__(self, folder: Path, world: World, server: Any, *, defect: bool) -> None:
        self.folder, self.world, self.postgres = folder, world, server
        self.mail = FaultyMailServer()
        self.url = server.get_uri() if server else f"sqlite:///{folder / 'storywatch.db'}"
        self.database = Database(self.url)
        self.service: subprocess.Popen[str] | None = None
        self._epoch, self.ahead = time.time(), 0.0
        self._running = ExitStack()
        self._seen: list[psutil.Process] = []
        self._doors = folder / "doors"
        self._doors.mkdir()
        if defect:
            (self._doors / "no-fence").touch()
        self.set_clock(0.0)
        self._configure()

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_: object) -> None:
        self.remember()
        self._running.close()
        for process in self._seen:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.database.close()
        self.mail.close()

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(f"reader{n}@news.example" for n in range(READERS))

    @property
    def environment(self) -> dict[str, str]:
        doors = Path(__file__).with_name("doors")
        return {
            "DATABASE_URL": self.url, "PYTHONPATH": f"{doors}:{ROOT}", "FAULTS_FOLDER": str(self._doors),
            "STORYWATCH_CONFIG": str(self.folder / "storywatch.toml"),
        }  # fmt: skip

    @property
    def log(self) -> str:
        return (self.folder / "run.log").read_text()

    @property
    def has_ended(self) -> bool:
        """Whether the supervisor is gone."""
        return self.service is not None and self.service.poll() is not None

    def now(self) -> datetime:
        """The moment by the service's own clock."""
        return datetime.fromtimestamp(self._epoch + (time.time() - self._epoch) * SPEED + self.ahead, UTC)

    def set_clock(self, ahead: float) -> None:
        """Let the clock of the whole service be so many seconds ahead."""
        self.ahead = ahead
        new = self._doors / "clock.new"
        new.write_text(json.dumps({"epoch": self._epoch, "speed": SPEED, "ahead": ahead}))
        new.replace(self._doors / "clock")

    @contextlib.contextmanager
    def disk_full(self) -> Iterator[None]:
        """Let SQLite's file not grow while the block lasts."""
        (self._doors / "disk-full").touch()
        yield
        (self._doors / "disk-full").unlink()

    def start(self) -> None:
        """Start the service, and wait until its clock ticks."""
        self.service = self._running.enter_context(storywatch("run", folder=self.folder, **self.environment))
        self.require(lambda: all(self.child(name) for name in MARKS), "the service did not come up")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the supervisor, wait until nothing of it is left, and return how it ended."""
        assert self.service is not None
        self.remember()
        self.service.send_signal(number)
        code = self.service.wait(60)
        _, left = psutil.wait_procs(self._seen, timeout=60)
        assert not left, f"outlived the service: {left}"
        self._seen.clear()
        return code

    def child(self, name: str) -> psutil.Process | None:
        """The child of that name, if it runs."""
        assert self.service is not None
        return child(self.service, name)

    def redis_url(self) -> str:
        """Where the service's own Redis listens, for another process that joins it."""
        redis = self.child("redis")
        assert redis is not None
        title = " ".join(redis.cmdline())  # redis-server unixsocket:/tmp/…
        return f"unix://{title.partition('unixsocket:')[2].split()[0]}"

    def remember(self) -> None:
        """Note what runs, so that it is seen when it stays behind."""
        if self.service is not None:
            self._seen += descendants(self.service)

    def require(self, ready: Any, said: str, *, seconds: float = 120) -> None:
        assert wait_until(ready, seconds=seconds), f"{said}: {self.log[-3000:]}"

    def revive_postgres(self) -> None:
        """Start the database server again after it was killed."""
        self.require(self._is_postgres_back, "PostgreSQL does not start again", seconds=60)

    def _is_postgres_back(self) -> bool:
        try:
            self.postgres.ensure_postgres_running()
        except (subprocess.SubprocessError, AssertionError, OSError):
            return False
        return True

    def _configure(self) -> None:
        feeds = "".join(_FEED.format(url=url, outlet=name) for name, url in self.world.feeds.items())
        text = _CONFIGURATION.format(
            feeds=feeds, readers="".join(_READER.format(address=one) for one in self.addresses),
            hosts=", ".join(f'"{host}"' for host in self.world.hosts), mail_port=self.mail.port,
        )  # fmt: skip
        (self.folder / "storywatch.toml").write_text(text)


def kill(process: psutil.Process) -> None:
    """As the kernel does when memory is short."""
    os.kill(process.pid, signal.SIGKILL)
