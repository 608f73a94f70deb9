"""The step that gets a page once more, because its feed's entry has changed: article → HTTP → document."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from worker.intake.fetching import PageAnswer, keep_document, request_page
from worker.intake.page_retries import next_recheck
from worker.intake.visits import HostBusy
from worker.net import FetchedResource
from worker.setup.base_deps import BaseDeps
from worker.setup.intake_deps import IntakeDeps
from worker.step import Beats, Save, Saved, Wakeup, Wakeups
from worker.storage.articles import rechecks
from worker.storage.articles.rechecks import RecheckRecord
from worker.storage.db.session import Session


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the changed articles whose page may be asked for again."""
    with deps.reading() as session:
        return rechecks.waiting_rechecks(session, state="due", now=deps.now(), limit=limit)


def refetch_page(deps: IntakeDeps, recheck_id: int) -> Wakeups:
    """Get the article's page once more.

    An article that has none, or whose page still cannot be had, has its new text from the feed already.
    """
    beats = Beats(
        claim=partial(rechecks.claim_recheck, state="due"), is_held=rechecks.is_held, work=partial(_request, deps)
    )
    return beats.take(deps, recheck_id)


def _request(deps: IntakeDeps, recheck: RecheckRecord) -> Save:
    answer = request_page(deps, recheck.article) if recheck.article.has_page else None
    return Save(partial(_save, deps, recheck, answer))


def _save(deps: IntakeDeps, recheck: RecheckRecord, answer: PageAnswer | None, session: Session) -> Saved:
    now = deps.now()
    if isinstance(answer, HostBusy):
        rechecks.save_retry(session, recheck.id, at=now + answer.wait, reason="the host is busy", counted=False)
        return Saved()
    if isinstance(answer, FetchedResource):
        keep_document(session, answer, article_id=recheck.article.id, now=now)
    elif answer is not None:
        again = next_recheck(recheck.attempts, answer, now=now, jitter=deps.jitter())
        if again is not None:
            rechecks.save_retry(session, recheck.id, at=again, reason=answer.why)
            return Saved()
        if not recheck.article.feed_only:
            rechecks.finish(session, recheck.id, now=now, reason=answer.why)
            return Saved()
    rechecks.save_page_had(session, recheck.id)
    return Saved((Wakeup("recheck_page", recheck.id),))
