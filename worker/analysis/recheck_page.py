"""The step that reads a changed page once more: page → text → what has changed → a new revision."""

from __future__ import annotations

from collections.abc import Sequence

from worker import duplicates
from worker.analysis import reading
from worker.analysis.judgement import Judgement, judge
from worker.analysis.site_profile import profile_of
from worker.analysis.updating import revise
from worker.retry import READ_RETRIES
from worker.setup.analysis_deps import AnalysisDeps
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.step import Wakeups
from worker.storage.articles import documents, rechecks
from worker.storage.articles.rechecks import RecheckRecord
from worker.storage.db.database import serialize_stories

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the changed articles whose page was had once more."""
    with deps.reading() as session:
        return rechecks.waiting_rechecks(session, state="fetched", now=deps.now(), limit=limit)


def recheck_page(deps: AnalysisDeps, recheck_id: int) -> Wakeups:
    """Read what the page says now, and where it says something else, keep the old text as a revision."""
    now = deps.now()
    with deps.transaction() as session:
        recheck = rechecks.claim_recheck(session, recheck_id, state="fetched", now=now, lease=deps.lease)
        if recheck is None:
            return ()
        if recheck.attempts > READ_RETRIES.attempts:
            rechecks.finish(session, recheck_id, now=now, reason=reading.BROKE_PROCESS)
            return ()
        page = documents.page_of(session, recheck.article.id) if recheck.article.has_page else None
        title, text = rechecks.read_version(session, recheck.article.id)
        site = profile_of(deps, session, recheck.article, page)
    read = reading.read_article(recheck.article, page, now=now, site=site)
    if read.feed_only and not recheck.article.feed_only:
        return _leave(deps, recheck, "the page shows no article now")
    change = duplicates.weigh_change(text, read.article.text, title_before=title, title_after=read.article.title)
    if not change.changed:
        return _leave(deps, recheck, "it says what it said")
    judgement = judge(
        read.article,
        published=recheck.published,
        outlet=recheck.article.outlet,
        topic_set=deps.topics,
        embed=deps.embedder,
    )
    return _apply(deps, recheck, judgement, change)


def _leave(deps: AnalysisDeps, recheck: RecheckRecord, reason: str) -> Wakeups:
    with deps.transaction() as session:
        if rechecks.is_held(session, recheck):
            rechecks.finish(session, recheck.id, now=deps.now(), reason=reason)
    return ()


def _apply(deps: AnalysisDeps, recheck: RecheckRecord, judgement: Judgement, change: duplicates.TextChange) -> Wakeups:
    now, article_id = deps.now(), recheck.article.id
    with deps.transaction() as session:
        serialize_stories(session)
        if not rechecks.is_held(session, recheck):
            return ()
        rechecks.keep_version(session, article_id, change, title=judgement.article.title, now=now)
        revise(session, article_id, judgement, rules=deps.copy_rules, story_rules=deps.story_rules, now=now)
        if change.substantial:
            rechecks.mark_updated(session, article_id, now=now)
        rechecks.finish(session, recheck.id, now=now)
    log.info("article revised", article=article_id, substantial=change.substantial, new_share=change.new_share)
    return ()
