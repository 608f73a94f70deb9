"""The step that makes digests: schedule → stories this subscriber has not been told → frozen bytes → outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worker.analysis.recluster_stories import recluster_stories
from worker.delivery import planning
from worker.delivery.composing import ComposedDigest, compose_chosen
from worker.delivery.planning import DueDigest
from worker.errors import ConfigurationError, StorageError
from worker.setup.base_deps import BaseDeps
from worker.setup.delivery_deps import DeliveryDeps
from worker.setup.logs import get_log
from worker.step import Wakeup, Wakeups
from worker.storage.digests import due_times, outbox, told

_SHARED = 5  # digests that are looked for where there is room for one message: up to forty are planned by one

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the subscriptions that are due: more than `limit`, for they share their messages."""
    with deps.reading() as session:
        return due_times.due_subscriptions(session, now=deps.now(), limit=_SHARED * limit)


def plan_digests(deps: DeliveryDeps, *subscription_ids: int) -> Wakeups:
    """Make the digests that are due, of those with anything to tell, and put them into the outbox.

    Stories that have changed are looked at again before: what is told can't be taken back.
    """
    unsettled = recluster_stories(deps)
    with deps.reading() as session:
        found = planning.find_due(session, subscription_ids, now=deps.now())
    woken, silent, passed_over = list(unsettled), list(found.misdated), dict[int, Mapping[int, str]]()
    for one in found.ready:
        try:
            chosen = found.batch.choose(one.pending, one.subscription)
            composed = compose_chosen(
                deps, found.batch, one.subscription, one.due.period, chosen, news_until=one.news_until
            )
            if composed is None:
                silent.append(one.move(silent=True))
                passed_over[one.subscription.id] = chosen.passed_over
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
            moved = due_times.move_dues(session, silent)
            kept = {reader: articles for reader, articles in passed_over.items() if reader in moved}
            told.save_passed_over(session, kept, now=deps.now())
    return tuple(woken)


def _save_digest(deps: DeliveryDeps, one: DueDigest, composed: ComposedDigest) -> Wakeups:
    """Save a digest, unless another has planned or undone one of this subscription meanwhile."""
    with deps.transaction() as session:
        if not due_times.move_due(session, one.move(silent=False)):
            return ()
        delivery_id = outbox.save_digest(
            session, one.subscription.id, "scheduled", one.due.period, html=composed.html, more=composed.more,
            stories=composed.told.stories, delivery=composed.delivery, now=deps.now(),
            news_from=one.subscription.news_seen,
        )  # fmt: skip
        told.save_passed_over(session, {one.subscription.id: composed.told.passed_over}, now=deps.now())
    return (Wakeup("deliver", delivery_id),)
