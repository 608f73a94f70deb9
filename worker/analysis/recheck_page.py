"""A page looked at again because its feed says that it has changed: fetched politely, read, compared.

    revisit_page   changed entry → HTTP → document                     (fetch pool)
    reread_page    page → text → what has changed → a new revision     (analyze pool)

The steps keep to the same beats as those of `worker.pipeline`. Whatever goes wrong, the article stays as it was.
"""

from __future__ import annotations

from worker import duplicates, outcomes
from worker.analysis import reading
from worker.analysis.learn_site import profile_of
from worker.analysis.placing import Judgement, judge
from worker.analysis.updating import revise
from worker.intake.fetching import HostBusy, ask_page
from worker.net import FetchedResource
from worker.retry import READ_RETRIES
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.storage.articles import documents, revisits
from worker.storage.articles.article_rows import NO_LINK
from worker.storage.articles.revisits import RevisitRecord
from worker.storage.db.database import serialize_stories
from worker.wakeup import Wakeup, Wakeups

log = get_log(__name__)


def revisit_page(deps: Deps, revisit_id: int) -> Wakeups:
    """Get the article's page once more; an article without a page has its new text already."""
    with deps.transaction() as session:
        revisit = revisits.claim_revisit(session, revisit_id, state="due", now=deps.now(), lease=deps.lease)
    if revisit is None:
        return ()
    answer = None if revisit.article.reason == NO_LINK else ask_page(deps, revisit.article)
    with deps.transaction() as session:
        if not revisits.is_held(session, revisit):
            return ()
        now = deps.now()
        if isinstance(answer, HostBusy):
            revisits.save_retry(session, revisit_id, at=now + answer.wait, reason="the host is busy", counted=False)
            return ()
        if isinstance(answer, FetchedResource):
            documents.save_document(
                session, url=answer.url, content_type=answer.content_type, body=answer.body, now=now,
                article_id=revisit.article.id,
            )  # fmt: skip
        elif answer is not None:
            again = outcomes.next_revisit(revisit.attempts, answer, now=now, jitter=deps.jitter())
            if again is None:
                revisits.finish(session, revisit_id, now=now, reason=str(answer))
            else:
                revisits.save_retry(session, revisit_id, at=again, reason=str(answer))
            return ()
        revisits.save_page_had(session, revisit_id)
    return (Wakeup("reread_page", revisit_id),)


def reread_page(deps: Deps, revisit_id: int) -> Wakeups:
    """Read what the page says now, and where it says something else, keep the old text as a revision."""
    now = deps.now()
    with deps.transaction() as session:
        revisit = revisits.claim_revisit(session, revisit_id, state="fetched", now=now, lease=deps.lease)
        if revisit is None:
            return ()
        if revisit.attempts > READ_RETRIES.attempts:
            revisits.finish(session, revisit_id, now=now, reason=reading.KILLED)
            return ()
        page = None if revisit.article.reason == NO_LINK else documents.page_of(session, revisit.article.id)
        title, text = revisits.read_version(session, revisit.article.id)
        site = profile_of(deps, session, revisit.article, page)
    read = reading.read_article(revisit.article, page, now=now, site=site)
    if read.feed_only and not revisit.article.feed_only:
        return _leave(deps, revisit, "the page shows no article now")
    change = duplicates.weigh_change(text, read.article.text, title_before=title, title_after=read.article.title)
    if not change.changed:
        return _leave(deps, revisit, "it says what it said")
    judgement = judge(
        read.article,
        published=revisit.published,
        outlet=revisit.article.outlet,
        topic_set=deps.topics,
        embed=deps.embedder,
    )
    return _apply(deps, revisit, judgement, change)


def _leave(deps: Deps, revisit: RevisitRecord, reason: str) -> Wakeups:
    with deps.transaction() as session:
        if revisits.is_held(session, revisit):
            revisits.finish(session, revisit.id, now=deps.now(), reason=reason)
    return ()


def _apply(deps: Deps, revisit: RevisitRecord, judgement: Judgement, change: duplicates.TextChange) -> Wakeups:
    now, article_id = deps.now(), revisit.article.id
    with deps.transaction() as session:
        serialize_stories(session)
        if not revisits.is_held(session, revisit):
            return ()
        revisits.keep_version(session, article_id, change, title=judgement.article.title, now=now)
        revise(session, article_id, judgement, rules=deps.copy_rules, story_rules=deps.story_rules, now=now)
        if change.substantial:
            revisits.mark_updated(session, article_id, now=now)
        revisits.finish(session, revisit.id, now=now)
    log.info("article revised", article=article_id, substantial=change.substantial, new_share=change.new_share)
    return ()


STEPS = (revisit_page, reread_page)
"""Both, in order."""
