"""A page looked at again because its feed says that it has changed: fetched politely, read, compared.

    refetch_page   changed entry → HTTP → document                     (fetch pool)
    recheck_page    page → text → what has changed → a new revision     (analyze pool)

The steps keep to the same beats as those of `worker.pipeline`. Whatever goes wrong, the article stays as it was.
"""

from __future__ import annotations

from worker import duplicates, outcomes
from worker.analysis import reading
from worker.analysis.judgement import Judgement, judge
from worker.analysis.learn_site import profile_of
from worker.analysis.updating import revise
from worker.intake.fetching import HostBusy, request_page
from worker.net import FetchedResource
from worker.retry import READ_RETRIES
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.storage.articles import documents, rechecks
from worker.storage.articles.article_rows import NO_LINK
from worker.storage.articles.rechecks import RecheckRecord
from worker.storage.db.database import serialize_stories
from worker.wakeup import Wakeup, Wakeups

log = get_log(__name__)


def refetch_page(deps: Deps, recheck_id: int) -> Wakeups:
    """Get the article's page once more; an article without a page has its new text already."""
    with deps.transaction() as session:
        recheck = rechecks.claim_recheck(session, recheck_id, state="due", now=deps.now(), lease=deps.lease)
    if recheck is None:
        return ()
    answer = None if recheck.article.reason == NO_LINK else request_page(deps, recheck.article)
    with deps.transaction() as session:
        if not rechecks.is_held(session, recheck):
            return ()
        now = deps.now()
        if isinstance(answer, HostBusy):
            rechecks.save_retry(session, recheck_id, at=now + answer.wait, reason="the host is busy", counted=False)
            return ()
        if isinstance(answer, FetchedResource):
            documents.save_document(
                session, url=answer.url, content_type=answer.content_type, body=answer.body, now=now,
                article_id=recheck.article.id,
            )  # fmt: skip
        elif answer is not None:
            again = outcomes.next_recheck(recheck.attempts, answer, now=now, jitter=deps.jitter())
            if again is None:
                rechecks.finish(session, recheck_id, now=now, reason=str(answer))
            else:
                rechecks.save_retry(session, recheck_id, at=again, reason=str(answer))
            return ()
        rechecks.save_page_had(session, recheck_id)
    return (Wakeup("recheck_page", recheck_id),)


def recheck_page(deps: Deps, recheck_id: int) -> Wakeups:
    """Read what the page says now, and where it says something else, keep the old text as a revision."""
    now = deps.now()
    with deps.transaction() as session:
        recheck = rechecks.claim_recheck(session, recheck_id, state="fetched", now=now, lease=deps.lease)
        if recheck is None:
            return ()
        if recheck.attempts > READ_RETRIES.attempts:
            rechecks.finish(session, recheck_id, now=now, reason=reading.KILLED)
            return ()
        page = None if recheck.article.reason == NO_LINK else documents.page_of(session, recheck.article.id)
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


def _leave(deps: Deps, recheck: RecheckRecord, reason: str) -> Wakeups:
    with deps.transaction() as session:
        if rechecks.is_held(session, recheck):
            rechecks.finish(session, recheck.id, now=deps.now(), reason=reason)
    return ()


def _apply(deps: Deps, recheck: RecheckRecord, judgement: Judgement, change: duplicates.TextChange) -> Wakeups:
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


STEPS = (refetch_page, recheck_page)
"""Both, in order."""
