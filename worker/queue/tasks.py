"""The Celery shell around the pipeline: ids in, nothing out.

A task that raises is logged and forgotten: its row is still leased, and the sweep brings it back. Celery
never retries by itself. A database that is full or away is one line in the log: every task would say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from celery import current_app, shared_task

from worker.errors import StorageError
from worker.setup.logs import get_log
from worker.wakeup import Wakeups

if TYPE_CHECKING:
    from worker.setup.deps import Deps

_MESSAGES = 50  # into which what is due is shared out, so that all threads have some
_FEWEST = 5  # feeds in a message where there are so many: those of one host are asked by one visitor, in turn
_MOST = 40  # feeds or subscriptions in a message: one is done after the other, and they share what else it costs
_ROOM = 2000  # messages on a queue beyond which a sweep adds none: they would only be doubles

log = get_log(__name__)


def send(wakeups: Wakeups, *, together: int = 1) -> None:
    """Put the wake-ups on their queues, those of feeds to poll and digests to plan up to `together` in a message."""
    shared = (poll_feeds.__name__, plan_digests.__name__)
    ids_of = {step: [wakeup.row_id for wakeup in wakeups if wakeup.step == step] for step in shared}
    messages = [
        (step, tuple(ids[at : at + together])) for step, ids in ids_of.items() for at in range(0, len(ids), together)
    ]
    messages += [(wakeup.step, (wakeup.row_id,)) for wakeup in wakeups if wakeup.step not in shared]
    for step, row_ids in messages:
        current_app.send_task(f"worker.queue.tasks.{step}", row_ids)


@shared_task
def poll_feeds(*feed_ids: int) -> None:
    """Ask some feeds for what is new."""
    _step("poll_feeds", *feed_ids)


@shared_task
def read_feed(document_id: int) -> None:
    """Read one feed document."""
    _step("read_feed", document_id)


@shared_task
def fetch_page(article_id: int) -> None:
    """Get one article's page."""
    _step("fetch_page", article_id)


@shared_task
def analyze_article(article_id: int) -> None:
    """Read one article and find its place."""
    _step("analyze_article", article_id)


@shared_task
def retag_articles(retag_id: int) -> None:
    """Apply one changed topic to the next stored articles."""
    _step("retag_articles", retag_id)


@shared_task
def refetch_page(recheck_id: int) -> None:
    """Get one changed article's page once more."""
    _step("refetch_page", recheck_id)


@shared_task
def recheck_page(recheck_id: int) -> None:
    """Read one changed article's page once more."""
    _step("recheck_page", recheck_id)


@shared_task
def learn_site(site_id: int) -> None:
    """Judge the next lines that recur on one site, or read its next articles again."""
    _step("learn_site", site_id)


@shared_task
def recluster_stories(story_id: int) -> None:
    """Look again at one story and at others that have changed."""
    _step("recluster_stories", story_id)


@shared_task
def plan_digests(*subscription_ids: int) -> None:
    """Make some digests that are due."""
    _step("plan_digests", *subscription_ids)


@shared_task
def deliver(delivery_id: int) -> None:
    """Send one message."""
    _step("deliver", delivery_id)


@shared_task
def tick_feeds() -> None:
    """Wake the feeds and pages that are due."""
    _look("fetch")


@shared_task
def tick_pages() -> None:
    """Wake the pages whose turn at their host has come."""
    from worker.queue import sweep
    from worker.setup.deps import process_deps

    deps = process_deps()
    with _storage_faults_logged("tick_pages"):
        send(sweep.due_pages(deps, _room(deps, "fetch")))


@shared_task
def tick_digests() -> None:
    """Wake the digests and deliveries that are due."""
    _look("mail")


@shared_task
def tick_stories() -> None:
    """Wake the look at stories that have changed, if there are any."""
    from worker.queue import sweep
    from worker.setup.deps import process_deps

    with _storage_faults_logged("tick_stories"):
        send(sweep.due_reclusterings(process_deps()))


@shared_task
def sweep() -> None:
    """Wake whatever lags behind, on every queue."""
    _look("fetch", "analyze", "mail")


@shared_task
def keep_house() -> None:
    """Delete what has outlived its use."""
    from worker.queue import sweep
    from worker.setup.deps import process_deps

    with _storage_faults_logged("keep_house"):
        deleted = sweep.keep_house(process_deps())
        if deleted:
            log.info("housekeeping", **deleted)


def _step(name: str, *row_ids: int) -> None:
    # Imported here, as below: the clock and the parent of the analyze pool know the tasks by name and never
    # run one, and the pipeline behind them would cost each 35 MB.
    from worker import pipeline
    from worker.analysis import learn_site, recheck_page, recluster_stories, retag_articles
    from worker.setup.deps import process_deps

    others = (
        retag_articles.retag_articles,
        learn_site.learn_site,
        recluster_stories.recluster_stories,
        *recheck_page.STEPS,
    )
    step = {step.__name__: step for step in (*pipeline.STEPS, *others)}[name]
    with _storage_faults_logged(name):
        woken = step(process_deps(), *row_ids)
        send(woken)
        (log.info if woken else log.debug)(name, id=row_ids[0], woke=len(woken), **_others(row_ids))


def _look(*queues: str) -> None:
    from worker.queue import sweep
    from worker.setup.deps import process_deps

    deps = process_deps()
    for queue in queues:
        with _storage_faults_logged(f"sweep of {queue}"):
            woken = sweep.look(deps, queue, room=_room(deps, queue))
            send(woken, together=min(max(len(woken) // _MESSAGES, _FEWEST), _MOST))


def _others(row_ids: tuple[int, ...]) -> dict[str, int]:
    return {"and_others": len(row_ids) - 1} if len(row_ids) > 1 else {}


@contextmanager
def _storage_faults_logged(task: str) -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        log.error("not done", task=task, reason=str(error))  # noqa: TRY400 (the line says it all)


def _room(deps: Deps, queue: str) -> int:
    """Return how many wake-ups the queue may still be given."""
    return _ROOM - int(deps.redis.llen(queue))
