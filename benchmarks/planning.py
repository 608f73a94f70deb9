"""Planning 10,000 subscribers: `python -m benchmarks.planning [--subscribers 10000] [--composed 400] [--stories 25]`.

Planning is: who is due, what is new for each, which of it is theirs (bands, language), and moving the due times of all
with nothing to tell. Building, rendering and saving the digests of the others is measured apart, for `--composed` of
them. The readers are of six kinds (bands, languages), mixed; forty are planned together, as the clock has it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import update

from benchmarks.outbox import NOW, TOPIC, add_story
from models import Subscription
from worker.delivery import planning
from worker.delivery.composing import compose_chosen
from worker.delivery.plan_digests import plan_digests
from worker.setup.deps import Deps
from worker.setup.logs import configure_logs
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.digests import subscribers
from worker.storage.stories.news_numbers import latest_news_number

TOGETHER = 40
BANDS, LANGUAGES = ("strict", "balanced", "wide"), ("en", "es")
QUIET = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)  # weeks before there is any story


def fill(deps: Deps, readers: int, stories: int) -> list[int]:
    """So many readers and stories; returns the subscriptions."""
    with deps.transaction() as session:
        for number in range(stories):
            add_story(session, number)
        return [
            subscribers.save_request(
                session,
                subscribers.SubscriptionRequest(
                    address=f"reader{number}@news.example", name="Ana Peña", language=LANGUAGES[number % 2],
                    zone="America/Mexico_City", topics=(TOPIC,), band=BANDS[number % 3], schedule="daily at 07:00",
                    story_limit=25, send_empty=False, since=QUIET, first_due=QUIET,
                ),
                now=QUIET,
            )
            for number in range(readers)
        ]  # fmt: skip


def make_due(deps: Deps, at: datetime, *, looked_at: bool = False) -> None:
    """All are due at that moment, for the day before it; whether all stories have been `looked_at` before."""
    with deps.transaction() as session:
        seen = latest_news_number(session) if looked_at else 0
        due, since = at - timedelta(hours=1), at - timedelta(days=1)
        session.execute(update(Subscription).values(next_due_at=due, window_start=since, news_seen=seen))


def batches(ids: list[int]) -> list[list[int]]:
    return [ids[at : at + TOGETHER] for at in range(0, len(ids), TOGETHER)]


def timed(label: str, act: Callable[[list[int]], Any], ids: list[int], many: int) -> None:
    act([])  # imports and compiled statements
    wall, cpu = perf_counter(), process_time()
    for batch in batches(ids):
        act(batch)
    wall, cpu = perf_counter() - wall, process_time() - cpu
    each = cpu / len(ids)
    said = f"{each * 1000:6.3f} ms CPU each, {many} in {each * many:5.1f} s"
    print(f"{label:56} {said} ({len(ids)} in {wall:.1f} s wall)")


def find_told(deps: Deps, batch: list[int]) -> list[Any]:
    """What is new for each of them, without making anything of it."""
    with deps.reading() as session:
        found = planning.find_due(session, batch, now=deps.now())
    chosen = [(found.batch, one, found.batch.choose(one.pending, one.subscription)) for one in found.ready]
    return [each for each in chosen if each[2].selections]


def report(deps: Deps, clock: list[datetime], arguments: argparse.Namespace) -> None:
    everybody = fill(deps, arguments.subscribers, arguments.stories)
    some = everybody[: arguments.composed]
    many = arguments.subscribers

    deps.topic_names()  # the topics are read once a process

    def plan(batch: list[int]) -> None:
        plan_digests(deps, *batch)

    def compose(batch: list[int]) -> None:
        for desk, one, chosen in ready.pop() if batch else ():
            plan = one.due.period, chosen
            assert compose_chosen(deps, desk, one.subscription, *plan, news_until=one.news_until)

    make_due(deps, QUIET, looked_at=True)
    clock[0] = QUIET
    timed("planning, nothing new", plan, everybody, many)
    make_due(deps, NOW)
    clock[0] = NOW
    new = f"{arguments.stories} stories new for each"
    timed(f"planning without the digests, {new}", lambda batch: find_told(deps, batch), everybody, many)
    ready = [find_told(deps, batch) for batch in batches(some)][::-1]
    timed(f"building and rendering, {new}", compose, some, many)
    timed(f"the whole step with digests saved, {new}", plan, some, many)
    make_due(deps, NOW)
    timed(f"planning, {arguments.stories} stories that were all told and have changed", plan, some, many)


def main() -> None:
    """Print the figures, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--composed", type=int, default=400)
    parser.add_argument("--stories", type=int, default=25)
    parser.add_argument("--database", default="")
    arguments = parser.parse_args()
    configure_logs("warning", "text")
    clock = [QUIET]
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database or f"sqlite:///{Path(folder) / 'bench.db'}"
        deps = Deps(load_settings(folder=Path(folder), database_url=url), now=lambda: clock[0])
        migrations.upgrade(deps.database)
        report(deps, clock, arguments)
        deps.database.close()


if __name__ == "__main__":
    main()
