"""An installation of the real service, run in this process by a clock that is turned by hand."""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.world import relays
from benchmarks.world.articles import World
from benchmarks.world.server import serve
from benchmarks.world.site import Site
from worker import net
from worker.pipeline import STEPS
from worker.queue import sweep
from worker.setup.declarations import reconcile
from worker.setup.deps import Deps
from worker.setup.logs import configure_logs
from worker.setup.settings import CONFIG_VARIABLE, load_settings
from worker.step import Wakeup
from worker.storage.db import migrations

READER = "reader@desk.example"
TOPIC = "us-mexico-migration"
_STEP = timedelta(hours=3)
_CONFIGURATION = """
log_level = "error"
{top}
[web]
port = 0
[clock]
feeds_seconds = 3
pages_seconds = 1
stories_seconds = 10
[fetch]
proxy = "{proxy}"
spacing_seconds = 0
timeout_seconds = 5
[mail]
sender = "storywatch@desk.example"
per_minute = 0
{mail}
[[subscribers]]
address = "{reader}"
schedule = "{schedule}"
zone = "{zone}"
topics = ["{topic}"]
stories = 200
"""


@dataclass(frozen=True, slots=True)
class Setup:
    """What differs between installations: when the reader is told of what, and further lines of `[mail]`.

    `topic_file` is the text of a topic to have in the built-in one's place.
    """

    schedule: str = "daily at 07:00"
    mail: str = ""
    topic: str = TOPIC
    topic_file: str = ""
    zone: str = "America/Mexico_City"


@dataclass
class Clock:
    """The time of the world, and by how much the clocks of the installation's machines are off.

    One machine does all that the queue `mail` holds and one does the rest; `at` is the queue that works just then.
    """

    now: datetime
    off: timedelta = timedelta()
    mail_off: timedelta = timedelta()
    at: str = ""

    def installed(self) -> datetime:
        return self.now + (self.mail_off if self.at == "mail" else self.off)


class Installation:
    """The service over a site: `folder` holds its configuration, database and outbox."""

    def __init__(self, folder: Path, site: Site, clock: Clock, redis: str, proxy: str, setup: Setup) -> None:
        self.folder, self.site, self.clock = folder, site, clock
        self.configuration = folder / "storywatch.toml"
        top = 'topic_files = ["topic.toml"]\nbuiltin_topics = false' if setup.topic_file else ""
        (folder / "topic.toml").write_text(setup.topic_file, encoding="utf-8")
        said = _CONFIGURATION.format(
            top=top, proxy=proxy, reader=READER,
            schedule=setup.schedule, topic=setup.topic, mail=setup.mail, zone=setup.zone
        )  # fmt: skip
        lent = relays.NAMES.values()  # nobody names what leads elsewhere
        feeds = (
            f'[[feeds]]\nurl = "{url}"\nlanguage = "{language}"\n' + ("" if name in lent else f'outlet = "{name}"\n')
            for name, url, language in site.feeds
        )
        self.configuration.write_text(said + "".join(feeds), encoding="utf-8")
        with self.configured():
            settings = load_settings(redis_url=redis)
        self.deps = Deps(settings, now=clock.installed, jitter=lambda: 0.0, sleep=lambda _: None)
        # A host's turns go by the clock of Redis, which nobody turns.
        limits = net.NoHostLimits()
        self.deps.__dict__.update(hosts=limits, feed_hosts=limits)
        migrations.upgrade(self.deps.database)
        reconcile(self.deps)

    @contextmanager
    def configured(self) -> Iterator[None]:
        """Let commands find this installation."""
        before = os.environ.get(CONFIG_VARIABLE)
        os.environ[CONFIG_VARIABLE] = str(self.configuration)
        try:
            yield
        finally:
            os.environ.pop(CONFIG_VARIABLE)
            if before is not None:
                os.environ[CONFIG_VARIABLE] = before

    def work(self, *queues: str, rounds: int = 12) -> int:
        """Sweep and run every step until nothing is left to wake; return how many steps ran."""
        steps = 0
        for _ in range(rounds):
            todo = deque[Wakeup]()
            for queue in queues or sweep.queues_of("sweep"):
                self.clock.at = queue
                todo.extend(sweep.look(self.deps, "sweep", queue, room=10_000))
                todo.extend(sweep.look(self.deps, "stories", queue, room=10_000))
            if not todo:
                break
            while todo:
                step, row_id = todo.popleft()
                self.clock.at = STEPS[step].queue
                todo.extend(STEPS[step].run(self.deps, row_id))
                steps += 1
            self.clock.now += timedelta(seconds=5)
        return steps

    def close(self) -> None:
        self.deps.redis.close()
        self.deps.database.close()


@contextmanager
def install(world: World, redis: str, setup: Setup = Setup()) -> Iterator[Installation]:
    """Serve the world and yield an installation that watches it, in a folder that is thrown away.

    `redis` is the URL of one that the installation may use.
    """
    configure_logs("error", "text")
    clock = Clock(world.start)
    site = Site(world, lambda: clock.now)
    with tempfile.TemporaryDirectory(prefix="storywatch-world-") as name, serve(site) as proxy:
        installation = Installation(Path(name), site, clock, redis, proxy, setup)
        try:
            yield installation
        finally:
            installation.close()


def pass_days(
    installation: Installation,
    until: datetime,
    *,
    step: timedelta = _STEP,
    watch: Callable[[datetime], None] = lambda _: None,
) -> None:
    """Let the time pass and the service do its work at every step."""
    clock = installation.clock
    mark = clock.now
    while mark < until:
        mark += step
        clock.now = max(clock.now, mark)
        installation.work()
        watch(clock.now)
