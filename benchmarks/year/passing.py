"""An installation whose days pass by hand: every step runs in this process, by a clock that is turned."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.year.press import TOPIC, TOPIC_FILE, Press
from worker import net
from worker.pipeline import STEPS
from worker.queue import sweep
from worker.queue.housekeeping import HOUSEKEEPING, keep_house
from worker.setup.declarations import reconcile
from worker.setup.deps import Deps
from worker.setup.settings import CONFIG_VARIABLE, load_settings
from worker.setup.tables import KeepSettings
from worker.step import Wakeup
from worker.storage.db import migrations, ticks

READERS = {
    "daily@news.example": "daily at 07:00", "weekly@news.example": "weekly on monday at 07:00",
    "instant@news.example": "instant every 60 minutes",
}  # fmt: skip
_LOOKS = tuple(timedelta(hours=hours) for hours in (8, 13, 19))
_LEAST = 31
_CONFIGURATION = """
log_level = "error"
database_url = "{database}"
topic_files = ["topic.toml"]
builtin_topics = false
[web]
port = 0
[fetch]
proxy = "{proxy}"
spacing_seconds = 0
[mail]
host = "127.0.0.1"
port = {mail_port}
security = "none"
sender = "storywatch@news.example"
per_minute = 0
[keep]
{keep}
{feeds}
{readers}
"""


@dataclass
class Clock:
    """The installation's time, which somebody turns."""

    now: datetime

    def read(self) -> datetime:
        return self.now


def shortened(by: float) -> dict[str, float]:
    """The ages of `[keep]` divided by that, none below what it allows."""
    usual = KeepSettings().model_dump()
    return {name: days if days < 1 else max(days / by, _LEAST if days > _LEAST else 1) for name, days in usual.items()}


class Installation:
    """The service in a folder; `urls` are of its database, its Redis and its proxy."""

    def __init__(
        self, folder: Path, press: Press, clock: Clock, *, database: str, redis: str, proxy: str, mail_port: int,
        keep: dict[str, float],
    ) -> None:  # fmt: skip
        self.clock, self.configuration = clock, folder / "storywatch.toml"
        (folder / "topic.toml").write_text(TOPIC_FILE, encoding="utf-8")
        feeds = "".join(f'[[feeds]]\nurl = "{url}"\noutlet = "{name}"\n' for name, url in press.feeds.items())
        readers = "".join(
            f'[[subscribers]]\naddress = "{address}"\nschedule = "{schedule}"\ntopics = ["{TOPIC}"]\nstories = 100\n'
            for address, schedule in READERS.items()
        )
        self.configuration.write_text(
            _CONFIGURATION.format(
                database=database, proxy=proxy, mail_port=mail_port, feeds=feeds, readers=readers,
                keep="\n".join(f"{name} = {days:g}" for name, days in keep.items()),
            ),
            encoding="utf-8",
        )  # fmt: skip
        with self.configured():
            settings = load_settings(redis_url=redis)
        self.deps = Deps(settings, now=clock.read, jitter=lambda: 0.0, sleep=lambda _: None)
        limits = net.NoHostLimits()  # a host's turns go by the clock of Redis, which nobody turns
        self.deps.__dict__.update(hosts=limits, feed_hosts=limits)
        migrations.upgrade(self.deps.database)
        reconcile(self.deps)

    @contextmanager
    def configured(self) -> Iterator[None]:
        """Let commands find this installation."""
        os.environ[CONFIG_VARIABLE] = str(self.configuration)
        try:
            yield
        finally:
            del os.environ[CONFIG_VARIABLE]

    def pass_day(self, day: datetime) -> None:
        """Look at the news some times a day, and tell of them."""
        for look in _LOOKS:
            self.clock.now = day + look
            self._work()

    def keep_house(self) -> None:
        """Delete all that has become too old, as often as the clock has to knock for it."""
        self.clock.now += timedelta(hours=1)
        for _ in range(100):
            keep_house(self.deps)
            with self.deps.reading() as session:
                last = ticks.last_tick(session, HOUSEKEEPING)
            if last == self.clock.now:
                return
            self.clock.now += timedelta(minutes=5)
        raise RuntimeError("housekeeping does not come to an end")

    def close(self) -> None:
        self.deps.redis.close()
        self.deps.database.close()

    def _work(self) -> None:
        """Sweep until nothing comes of it any more: who is told instantly is looked after at every sweep."""
        for _ in range(30):
            todo = deque[Wakeup]()
            for queue in sweep.queues_of("sweep"):
                todo.extend(sweep.look(self.deps, "sweep", queue, room=10_000))
                todo.extend(sweep.look(self.deps, "stories", queue, room=10_000))
            idle = all(one.step == "plan_digests" for one in todo)
            while todo:
                step, row_id = todo.popleft()
                woken = STEPS[step].run(self.deps, row_id)
                idle &= not woken
                todo.extend(woken)
            if idle:
                return
            self.clock.now += timedelta(minutes=1)
        raise RuntimeError("there is always something left to do")
