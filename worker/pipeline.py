"""One article's way, in order: every step there is, what it is called, where it is done and what waits for it.

    poll_feeds        due feeds  → HTTP → documents                                       (fetch)
    read_feed         document   → entries → new articles                                 (analyze)
    fetch_past        a page on which a feed's past is looked for → HTTP → its bytes          (fetch)
    read_past         its bytes  → entries → articles that are mailed to nobody; older pages  (analyze)
    subscribe_hub     a feed whose hub tells of its news → a subscription there            (fetch)
    look_for_feed     an address a person typed → HTTP → the feed that is meant, to be seen    (fetch)
    fetch_page        article    → HTTP → document                                        (fetch)
    analyze_article   page → text → fingerprint → duplicate? → story → topics             (analyze)
    refetch_page      an article whose entry has changed → HTTP → document                (fetch)
    recheck_page      page → text → what has changed → a new revision                     (analyze)
    learn_site        lines that recur on a site → boilerplate or story → read again      (analyze)
    recluster_stories stories that have changed, with their neighbours → merged, split    (analyze)
    retag_articles    a topic that has changed → its matches among stored articles        (analyze)
    plan_digests      schedule → stories this subscriber has not been told → frozen bytes → outbox  (mail)
    deliver           outbox → a channel                                                  (mail)

A step's function and what finds its due rows stand in one file; the table names them by path, so that a process
that only sends wake-ups (the clock, the parent of a pool) loads none of them. Tasks, queues, the clock's sweeps and
the tests' in-process runner are all made from it. What the steps have in common is `worker.step`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worker.setup.base_deps import BaseDeps
    from worker.setup.deps import Deps
    from worker.step import Wakeups

Due = Callable[["BaseDeps", int], Sequence[int]]
"""Finds the rows that a step could take now, that many at most."""


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table.

    `module` holds the function of that name and `due`. `jobs` are those of the clock that look for due rows.
    A `shared` step takes several ids in one message, and what it costs besides is paid once for them. Of a `chained`
    one a single row is due, which wakes the others itself: it is woken however full its queue is.
    """

    name: str
    module: str
    queue: str
    jobs: tuple[str, ...] = ("sweep",)
    shared: bool = False
    chained: bool = False

    def run(self, deps: Deps, *row_ids: int) -> Wakeups:
        """Do the step on those rows; return what it wakes."""
        step: Callable[..., Wakeups] = self._named(self.name)
        return step(deps, *row_ids)

    def find_due(self, deps: BaseDeps, limit: int) -> Sequence[int]:
        """Return the ids of rows the step could take now, `limit` messages of them at most."""
        due: Due = self._named("due")
        return due(deps, limit)

    def _named(self, name: str) -> Any:
        return resolve_name(f"{self.module}:{name}")


STEPS = {
    step.name: step
    for step in (
        Step("poll_feeds", "worker.intake.poll_feeds", "fetch", ("feeds", "sweep"), shared=True),
        Step("read_feed", "worker.analysis.read_feed", "analyze"),
        Step("subscribe_hub", "worker.intake.subscribe_hub", "fetch"),
        Step("look_for_feed", "worker.scouting.look_for_feed", "fetch", ("feeds", "sweep")),
        Step("fetch_past", "worker.intake.fetch_past", "fetch", ("pages", "sweep")),
        Step("read_past", "worker.analysis.read_past", "analyze"),
        Step("fetch_page", "worker.intake.fetch_page", "fetch", ("pages", "feeds", "sweep")),
        Step("analyze_article", "worker.analysis.analyze_article", "analyze"),
        Step("refetch_page", "worker.intake.refetch_page", "fetch", ("feeds", "sweep")),
        Step("recheck_page", "worker.analysis.recheck_page", "analyze"),
        Step("learn_site", "worker.analysis.learn_site", "analyze"),
        Step("recluster_stories", "worker.analysis.recluster_stories", "analyze", ("stories",), chained=True),
        Step("retag_articles", "worker.analysis.retag_articles", "analyze"),
        Step("plan_digests", "worker.delivery.plan_digests", "mail", ("digests", "sweep"), shared=True),
        Step("deliver", "worker.delivery.deliver", "mail", ("digests", "sweep")),
    )
}
"""All steps by name, in the order of an article's way."""

WARM_UP = "worker.analysis.warm_up:warm_up"
"""What a process of the analyze pool does before its first document, by path as above: it loads what reading needs."""
