"""The real pipeline on real services, one step after the other in this process."""

from __future__ import annotations

import time
from collections import deque
from datetime import timedelta
from pathlib import Path

from worker.pipeline import STEPS
from worker.queue import sweep
from worker.setup.deps import Deps
from worker.setup.settings import Settings, load_settings
from worker.step import Wakeup
from worker.storage.articles import article_rows
from worker.storage.db import migrations
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import NewFeed


def settings_for(folder: Path, database_url: str, redis_url: str, **tables: object) -> Settings:
    """Settings that reach loopback and hardly wait."""
    fetch = {"allow_private_hosts": ("127.0.0.1",), "spacing_seconds": 0, "per_host": 16}
    return load_settings(
        folder=folder, database_url=database_url, redis_url=redis_url,
        **{"fetch": fetch, "mail": {"sender": "storywatch@news.example"}, **tables},
    )  # fmt: skip


def make_deps(settings: Settings) -> Deps:
    """The real things, without chance."""
    deps = Deps(settings, jitter=lambda: 0.0)
    migrations.upgrade(deps.database)
    return deps


def watch(deps: Deps, *new: NewFeed) -> None:
    """Add feeds to watch."""
    with deps.transaction() as session:
        feed_rows.add_feeds(session, new, now=deps.now())


def run_all(deps: Deps, *queues: str, rounds: int = 20) -> int:
    """Sweep and run every step until nothing is left to wake; return how many steps ran."""
    steps = 0
    for _ in range(rounds):
        todo = deque[Wakeup]()
        for queue in queues or sweep.queues_of("sweep"):
            todo.extend(sweep.look(deps, "sweep", queue, room=10_000))
            todo.extend(sweep.look(deps, "stories", queue, room=10_000))
        if not todo and not _turn_is_near(deps):
            break
        while todo:
            step, row_id = todo.popleft()
            todo.extend(STEPS[step].run(deps, row_id))
            steps += 1
    return steps


def _turn_is_near(deps: Deps) -> bool:
    """Whether a host has told an article or a feed to come back in a moment; if so, let the moment pass."""
    soon = deps.now() + timedelta(seconds=3)
    with deps.reading() as session:
        near = article_rows.waiting_articles(session, state="discovered", now=soon, limit=1)
        near = near or feed_rows.due_feeds(session, now=soon, limit=1)
    if near:
        time.sleep(0.3)
    return bool(near)


def later(deps: Deps, wait: timedelta) -> None:
    """Move the clock of these deps ahead."""
    before = deps.now
    deps.now = lambda: before() + wait
