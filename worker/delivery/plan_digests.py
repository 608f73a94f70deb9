"""The step that makes digests: schedule → stories this subscriber has not been told → frozen bytes → outbox."""

from __future__ import annotations

from collections.abc import Sequence

from worker.analysis.recluster_stories import recluster_stories
from worker.delivery import planning
from worker.delivery.composing import ComposedDigest, compose_pending
from worker.delivery.planning import DueDigest
from worker.errors import ConfigurationError, StorageError
from worker.setup.base_deps import BaseDeps
from worker.setup.delivery_deps import DeliveryDeps
from worker.setup.logs import get_log
from worker.step import Wakeup, Wakeups
from worker.storage.digests import outbox, subscribers
from worker.storage.digests.subscribers import DueMove

_SHARED = 5  # digests that are looked for where there is room for one message: up to forty are planned by one

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the subscriptions that are due: more than `limit`, for they share their messages."""
    with deps.reading() as session:
        return subscribers.due_subscriptions(session, now=deps.now(), limit=_SHARED * limit)


def plan_digests(deps: DeliveryDeps, *subscription_ids: int) -> Wakeups:
    """Make the digests that are due, of those with anything to tell, and put them into the outbox.

    Stories that have changed are looked at again before: what is told can't be taken back.
    """
    unsettled = recluster_stories(deps)
    with deps.reading() as session:
        ready, batch = planning.find_due(session, subscription_ids, now=deps.now())
        batch.recall(session, [(one.subscription.id, one.pending) for one in ready])
    woken, silent = list(unsettled), list[DueMove]()
    for one in ready:
        try:
            composed = compose_pending(deps, batch, one.subscription, one.due.period, one.pending)
            if composed is None:
                silent.append(one.move(silent=True))
            else:
                woken += _save_digest(deps, one, composed)
        except StorageError:
            raise
        except ConfigurationError as error:  # which `storywatch status` names too
            log.error("digest not made", subscription=one.subscription.id, reason=str(error))  # noqa: TRY400
        except Exception:  # theirs alone: it stays due, and the others are not kept waiting
            log.exception("digest not made", subscription=one.subscription.id)
    if silent:
        with deps.transaction() as session:
            subscribers.move_dues(session, silent)
    return tuple(woken)


def _save_digest(deps: DeliveryDeps, one: DueDigest, composed: ComposedDigest) -> Wakeups:
    """Save a digest, unless another planner has moved its due time."""
    with deps.transaction() as session:
        if not subscribers.move_due(session, one.move(silent=False)):
            return ()
        delivery_id = outbox.save_digest(
            session, one.subscription.id, "scheduled", one.due.period, html=composed.html, more=composed.more,
            stories=composed.stories, delivery=composed.delivery, now=deps.now(),
        )  # fmt: skip
    return (Wakeup("deliver", delivery_id),)
