"""The step that gets an article's page: article → HTTP → document."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from worker.intake.fetching import PageAnswer, keep_document, request_page
from worker.intake.page_retries import next_page_try
from worker.intake.visits import HostBusy
from worker.net import FetchedResource
from worker.retry import PAGE_RETRIES
from worker.setup.base_deps import BaseDeps
from worker.setup.intake_deps import IntakeDeps
from worker.setup.logs import get_log
from worker.step import Beats, Save, Saved, Wakeup, Wakeups
from worker.storage.articles import article_rows
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.db.session import Session

_BROKE_OFF = "fetching its page broke off every time: a process died"

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the articles whose page was not asked for yet, whose host was busy, or whose next try has come."""
    with deps.reading() as session:
        return article_rows.waiting_articles(session, state="discovered", now=deps.now(), limit=limit)


def fetch_page(deps: IntakeDeps, article_id: int) -> Wakeups:
    """Get the article's page; where it can't be had, the feed's own text will have to do."""
    beats = Beats(
        claim=partial(article_rows.claim_article, state="discovered"),
        is_held=article_rows.is_held,
        tries=PAGE_RETRIES.attempts,
        give_up=partial(_give_up, deps),
        work=partial(_request, deps),
    )
    return beats.take(deps, article_id)


def _request(deps: IntakeDeps, article: ArticleRecord) -> Save:
    return Save(partial(_save, deps, article, request_page(deps, article)))


def _give_up(deps: IntakeDeps, session: Session, article: ArticleRecord) -> Saved:
    article_rows.save_fetched(session, article.id, now=deps.now(), feed_only=True, reason=_BROKE_OFF)
    return Saved(
        (Wakeup("analyze_article", article.id),),
        partial(log.error, "page given up", article=article.id, reason=_BROKE_OFF),
    )


def _save(deps: IntakeDeps, article: ArticleRecord, answer: PageAnswer, session: Session) -> Saved:
    now = deps.now()
    if isinstance(answer, HostBusy):
        article_rows.postpone(session, article.id, until=now + answer.wait)
        return Saved()
    if isinstance(answer, FetchedResource):
        keep_document(session, answer, article_id=article.id, now=now)
        article_rows.save_fetched(session, article.id, now=now)
        return Saved((Wakeup("analyze_article", article.id),))
    again = next_page_try(article, answer, now=now, jitter=deps.jitter())
    if again is not None:
        article_rows.save_retry(session, article.id, at=again, reason=answer.why)
        return Saved()
    article_rows.save_fetched(session, article.id, now=now, feed_only=True, reason=answer.why)
    return Saved((Wakeup("analyze_article", article.id),))
