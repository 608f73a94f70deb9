"""What every step is handed: the settings, the time, chance, and the database."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from worker import __version__, feeds
from worker.setup.settings import Settings, require_redis_url
from worker.storage.db.database import Database
from worker.storage.db.session import Session

if TYPE_CHECKING:
    from redis import Redis

    from worker.net.step_meter import StepMeter
    from worker.setup.topics_in_use import TopicsInUse


def utc_now() -> datetime:
    """Return the present moment, aware."""
    return datetime.now(UTC)


def even_jitter() -> float:
    """Return a number evenly spread over [-1, 1]."""
    return random.uniform(-1, 1)  # noqa: S311 (it spreads load and keeps no secret)


def nap(wait: timedelta) -> None:
    """Do nothing for that long; no time at all is not even a pause."""
    if wait > timedelta():
        time.sleep(wait.total_seconds())


class BaseDeps:
    """The real things, each made when first used. Tests put others of the same shape in their place."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = even_jitter,
        sleep: Callable[[timedelta], None] = nap,
    ) -> None:
        self.settings = settings
        self.now = now
        self.jitter = jitter
        self.sleep = sleep

    @cached_property
    def database(self) -> Database:
        """The database that the settings name."""
        return Database(self.settings.database, connections=self.settings.fetch.threads + 4)

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a transaction that is committed at the end of the block."""
        return self.database.transaction()

    def reading(self) -> AbstractContextManager[Session]:
        """Open a session for looking only."""
        return self.database.reading()

    @cached_property
    def redis(self) -> Redis:
        """The Redis that all workers share."""
        from redis import Redis

        return Redis.from_url(require_redis_url(self.settings))

    @cached_property
    def step_meter(self) -> StepMeter:
        """What counts the steps of all workers; where they share no Redis, it counts nothing."""
        from worker.net.step_meter import StepMeter

        return StepMeter(self.redis if self.settings.redis_url else None)

    @cached_property
    def topics_in_use(self) -> TopicsInUse:
        """What this process knows of the topics in use."""
        from worker.setup.topic_sources import load_topics  # of which who only fetches needs nothing
        from worker.setup.topics_in_use import TopicsInUse

        return TopicsInUse(lambda: load_topics(self.settings))

    @cached_property
    def poll_bounds(self) -> feeds.PollBounds:
        """The shortest and the longest time between two polls of a feed for which its owner wants no other."""
        fetch = self.settings.fetch
        return feeds.PollBounds(timedelta(minutes=fetch.shortest_minutes), timedelta(minutes=fetch.longest_minutes))

    @property
    def lease(self) -> timedelta:
        """How long a step may work on a row before another worker takes it over."""
        return timedelta(seconds=self.settings.clock.lease_seconds)

    @property
    def user_agent(self) -> str:
        """Who we say we are, with an address to complain to where one is set."""
        contact = self.settings.fetch.contact
        return f"Storywatch/{__version__}" + (f" (+{contact})" if contact else "")
