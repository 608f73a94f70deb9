"""The step that reads a changed page once more: page → text → what has changed → a new revision."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from worker import duplicates
from worker.analysis.beside_site import read_beside_site
from worker.analysis.judgement import Judgement, judge, match_anew
from worker.analysis.reading import BROKE_PROCESS, read_article
from worker.analysis.site_profile import profile_of
from worker.analysis.updating import revise
from worker.retry import READ_RETRIES
from worker.setup.analysis_deps import AnalysisDeps
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.step import Beats, Save, Saved, Wakeups
from worker.storage.articles import documents, rechecks
from worker.storage.articles.rechecks import RecheckRecord
from worker.storage.db.session import Session

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the changed articles whose page was had once more."""
    with deps.reading() as session:
        return rechecks.waiting_rechecks(session, state="fetched", now=deps.now(), limit=limit)


def recheck_page(deps: AnalysisDeps, recheck_id: int) -> Wakeups:
    """Read what the page says now, and where it says something else, keep the old text as a revision."""
    beats = Beats(
        claim=partial(rechecks.claim_recheck, state="fetched"),
        is_held=rechecks.is_held,
        tries=READ_RETRIES.attempts,
        give_up=lambda session, recheck: _finish(deps, recheck, BROKE_PROCESS, session),
        work=partial(_read_again, deps),
    )
    return beats.take(deps, recheck_id)


def _read_again(deps: AnalysisDeps, recheck: RecheckRecord) -> Save:
    article, now = recheck.article, deps.now()
    with deps.reading() as session:
        page = documents.page_of(session, article.id) if article.has_page else None
        title, text = rechecks.read_version(session, article.id)
        site = profile_of(deps, session, article, page)
    read_with = partial(read_article, article, page, now=now)
    read = read_beside_site(deps, article, site, lambda known: read_with(site=known), now=now)
    if read.feed_only and not article.feed_only:
        return Save(partial(_finish, deps, recheck, "the page shows no article now"))
    change = duplicates.weigh_change(text, read.article.text, title_before=title, title_after=read.article.title)
    if not change.changed:
        return Save(partial(_finish, deps, recheck, "it says what it said"))
    judgement = judge(read.article, published=recheck.published, outlet=article.outlet, topic_set=deps.topics)
    return Save(partial(_keep_revision, deps, recheck, judgement, change), locks_stories=True)


def _finish(deps: AnalysisDeps, recheck: RecheckRecord, reason: str, session: Session) -> Saved:
    rechecks.finish(session, recheck.id, now=deps.now(), reason=reason)
    return Saved()


def _keep_revision(
    deps: AnalysisDeps, recheck: RecheckRecord, judgement: Judgement, change: duplicates.TextChange, session: Session
) -> Saved:
    now, article_id = deps.now(), recheck.article.id
    judgement = match_anew(judgement, deps.topics_at(session))
    rechecks.keep_version(session, article_id, change, title=judgement.article.title, now=now)
    revise(session, article_id, judgement, rules=deps.copy_rules, story_rules=deps.story_rules, now=now)
    if change.substantial:
        rechecks.mark_updated(session, article_id, now=now)
    rechecks.finish(session, recheck.id, now=now)
    facts = {"article": article_id, "substantial": change.substantial, "new_share": change.new_share}
    return Saved(says=partial(log.info, "article revised", **facts))
