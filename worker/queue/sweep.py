"""What the clock wakes: the due rows of every step, no more than its queue has room for."""

from __future__ import annotations

from worker.pipeline import STEPS
from worker.setup.base_deps import BaseDeps
from worker.step import Wakeup, Wakeups
from worker.storage.db import ticks

TICKS = {"poll_feeds": "feeds", "plan_digests": "digests"}
"""By step: the tick that looking for its due rows records, by which it is seen whether the clock runs."""


def queues_of(job: str) -> tuple[str, ...]:
    """Return the queues whose steps that job of the clock looks after."""
    return tuple(dict.fromkeys(step.queue for step in STEPS.values() if job in step.jobs))


def look(deps: BaseDeps, job: str, queue: str, *, room: int) -> Wakeups:
    """Return what waits for the steps of that queue which the job looks after, no more than there is room for.

    Doubles are harmless but not free: a queue that is full already gets no more of them. The clock has
    ticked all the same.
    """
    steps = [step for step in STEPS.values() if step.queue == queue and job in step.jobs]
    if ticking := {TICKS[step.name] for step in steps if step.name in TICKS}:
        with deps.transaction() as session:
            for tick in ticking:
                ticks.save_tick(session, tick, now=deps.now())
    found: Wakeups = ()
    for step in steps:
        left = max(room - len(found), int(step.chained))
        if left > 0:
            found += tuple(Wakeup(step.name, row_id) for row_id in step.find_due(deps, left))
    return found
