"""The tasks: one for each step and each job of the clock, ids in, nothing out.

A task that raises is logged and forgotten: its row is still leased, and the sweep brings it back. Celery
never retries by itself. A database that is full or away is one line in the log: every task would say the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from celery import current_app, shared_task

from worker.errors import StorageError
from worker.pipeline import STEPS, Step
from worker.setup.logs import get_log

if TYPE_CHECKING:
    from worker.net.step_meter import StepMeter
    from worker.setup.tables import ClockSettings
    from worker.step import Wakeups

CLOCK = "clock"
"""The queue of the clock's jobs: a query each, they wait behind nobody's pages or mails."""

JOBS: dict[str, Callable[[ClockSettings], float]] = {
    "feeds": lambda clock: clock.feeds_seconds,
    "pages": lambda clock: clock.pages_seconds,
    "digests": lambda clock: clock.digests_seconds,
    "stories": lambda clock: clock.stories_seconds,
    "sweep": lambda clock: clock.sweep_seconds,
    "topics": lambda clock: clock.topics_seconds,
    "watch": lambda _clock: 60.0,
    "keep_house": lambda clock: min(300.0, clock.housekeeping_seconds),
}
"""The clock's jobs, and how many seconds apart each is done."""

_MESSAGES = 50  # into which what is due is shared out, so that all threads have some
_FEWEST = 5  # feeds in a message where there are so many: those of one host are asked by one visitor, in turn
_MOST = 40  # feeds or subscriptions in a message: one is done after the other, and they share what else it costs
_ROOM = 2000  # messages on a queue beyond which a sweep adds none: they would only be doubles

log = get_log(__name__)


def task_name(name: str) -> str:
    """Return how Celery knows a step or a job of the clock."""
    return f"storywatch.{name}"


def send(wakeups: Wakeups, *, together: int = 1) -> None:
    """Put the wake-ups on their queues, those of shared steps up to `together` in a message."""
    shared = [name for name, step in STEPS.items() if step.shared]
    ids_of = {name: [wakeup.row_id for wakeup in wakeups if wakeup.step == name] for name in shared}
    messages = [
        (step, tuple(ids[at : at + together])) for step, ids in ids_of.items() for at in range(0, len(ids), together)
    ]
    messages += [(wakeup.step, (wakeup.row_id,)) for wakeup in wakeups if wakeup.step not in shared]
    for step, row_ids in messages:
        current_app.send_task(task_name(step), row_ids)


def do_step(step: Step, *row_ids: int) -> None:
    """Do a step on those rows and send what it wakes."""
    # Imported here, as below: the clock and the parent of the analyze pool know the tasks by name and never
    # run one, and what is behind them would cost each 35 MB.
    from worker.setup.deps import process_deps

    deps = process_deps()
    with _storage_faults_logged(step.name):
        with _timed(deps.step_meter, step.name):
            woken = step.run(deps, *row_ids)
        send(woken)
        (log.info if woken else log.debug)(step.name, id=row_ids[0], woke=len(woken), **_others(row_ids))


def do_job(job: str) -> None:
    """Wake whatever that job of the clock looks after, each queue as far as it has room."""
    from worker.queue import sweep
    from worker.setup.deps import process_deps

    deps = process_deps()
    for queue in sweep.queues_of(job):
        with _storage_faults_logged(f"{job} of {queue}"):
            woken = sweep.look(deps, job, queue, room=_ROOM - int(deps.redis.llen(queue)))
            send(woken, together=min(max(len(woken) // _MESSAGES, _FEWEST), _MOST))


def keep_house() -> None:
    """Delete what has outlived its use."""
    from worker.queue import housekeeping
    from worker.setup.deps import process_deps

    with _storage_faults_logged("keep_house"):
        if deleted := housekeeping.keep_house(process_deps()):
            log.info("housekeeping", **deleted)


def watch() -> None:
    """Look at the installation itself, and write to its operator what has begun or ended."""
    from worker.delivery import operator
    from worker.setup.deps import process_deps

    with _storage_faults_logged("watch"):
        change = operator.watch(process_deps())
        for one in change.begun:
            log.error("something needs a person", what=one.name, reason=one.said)


def renew_topics() -> None:
    """Put topic files to use that were edited or added."""
    from worker.setup.deps import process_deps
    from worker.setup.settings import load_settings
    from worker.setup.topic_watch import process_watch

    with _storage_faults_logged("topics"):
        process_watch().look(process_deps(), load_settings)


def _others(row_ids: tuple[int, ...]) -> dict[str, int]:
    return {"and_others": len(row_ids) - 1} if len(row_ids) > 1 else {}


@contextmanager
def _timed(meter: StepMeter, step: str) -> Iterator[None]:
    """Count the step under how it ends."""
    begun, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "done"
    except StorageError:
        outcome = "no database"
        raise
    finally:
        meter.note(step, outcome, time.perf_counter() - begun)


@contextmanager
def _storage_faults_logged(task: str) -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        log.error("not done", task=task, reason=str(error))  # noqa: TRY400 (the line says it all)


def _register(name: str, does: Callable[..., None]) -> None:
    def task(*row_ids: int) -> None:
        does(*row_ids)

    task.__module__, task.__name__ = __name__, name
    shared_task(name=task_name(name))(task)


_OF_ITS_OWN = {"keep_house": keep_house, "topics": renew_topics, "watch": watch}
"""The jobs of the clock that look for no step's rows."""

for _step in STEPS.values():
    _register(_step.name, partial(do_step, _step))
for _job in JOBS:
    _register(_job, _OF_ITS_OWN.get(_job, partial(do_job, _job)))
