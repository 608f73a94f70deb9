"""The step that reads an article: page → text → fingerprint → duplicate? → story → topics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from worker import feeds, pages
from worker.analysis.beside_site import read_beside_site
from worker.analysis.copy_candidates import Comparison, compare, find_candidates
from worker.analysis.judgement import Judgement, judge, match_anew
from worker.analysis.placing import place
from worker.analysis.reading import BROKE_PROCESS, Reading, read_article, read_without_page
from worker.analysis.site_profile import count_reading, profile_of
from worker.errors import StorageError
from worker.retry import READ_RETRIES
from worker.setup.analysis_deps import AnalysisDeps
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.step import Beats, Save, Saved, Wakeups
from worker.storage.articles import article_rows, discoveries, documents
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.articles.documents import DocumentRecord
from worker.storage.db.session import Session

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the articles whose page was had and waits to be read."""
    with deps.reading() as session:
        return article_rows.waiting_articles(session, state="fetched", now=deps.now(), limit=limit)


def analyze_article(deps: AnalysisDeps, article_id: int) -> Wakeups:
    """Read the page, judge the article by itself, and find its place among the others."""
    beats = Beats(
        claim=partial(article_rows.claim_article, state="fetched"),
        is_held=article_rows.is_held,
        tries=READ_RETRIES.attempts + 1,  # the last without its page
        give_up=_give_up,
        work=partial(_analyze, deps, deps.now()),
    )
    return beats.take(deps, article_id)


def _give_up(session: Session, article: ArticleRecord) -> Saved:
    article_rows.save_failed(session, article.id, BROKE_PROCESS)
    return Saved(says=partial(log.error, "article given up", article=article.id, reason=BROKE_PROCESS))


def _analyze(deps: AnalysisDeps, now: datetime, article: ArticleRecord) -> Save:
    with deps.reading() as session:
        page = documents.page_of(session, article.id)
        site = profile_of(deps, session, article, page)
    try:
        read, judgement = _read(deps, now, article, page, site)
    except StorageError:
        raise  # the database's trouble, not the article's: it is read once that is over
    except Exception as error:
        log.exception("article not readable", article=article.id)
        return Save(partial(_save_failed, article, _failure(error)))
    with deps.reading() as session:
        seen = discoveries.discovery_as_read(
            session, article.id, outlet=_outlet_of(article, read), feed_only=read.feed_only
        )
        candidates = find_candidates(session, article.id, judgement, rules=deps.copy_rules, found_as=seen)
    compared = compare(candidates, rules=deps.copy_rules)
    return Save(partial(_save, deps, now, article, site, read, judgement, compared), locks_stories=True)


def _read(
    deps: AnalysisDeps, now: datetime, article: ArticleRecord, page: DocumentRecord | None, site: pages.SiteProfile
) -> tuple[Reading, Judgement]:
    """Read and judge the article; one whose page breaks the reading is told with its feed's text."""
    if article.attempts > READ_RETRIES.attempts:
        return _read_without(deps, now, article, BROKE_PROCESS, site)
    try:
        return _judge(deps, article, site, lambda known: read_article(article, page, now=now, site=known), now=now)
    except StorageError:
        raise
    except Exception as error:
        if page is None:
            raise
        log.exception("page not readable", article=article.id)
        return _read_without(deps, now, article, _failure(error), site)


def _read_without(
    deps: AnalysisDeps, now: datetime, article: ArticleRecord, reason: str, site: pages.SiteProfile
) -> tuple[Reading, Judgement]:
    return _judge(deps, article, site, lambda known: read_without_page(article, reason, now=now, site=known), now=now)


def _judge(
    deps: AnalysisDeps,
    article: ArticleRecord,
    site: pages.SiteProfile,
    read_with: Callable[[pages.SiteProfile], Reading],
    *,
    now: datetime,
) -> tuple[Reading, Judgement]:
    read = read_beside_site(deps, article, site, read_with, now=now)
    return read, judge(read.article, published=read.published, outlet=article.outlet, topic_set=deps.topics)


def _failure(error: Exception) -> str:
    return f"reading it failed: {type(error).__name__}: {error}"[:300]


def _save_failed(article: ArticleRecord, reason: str, session: Session) -> Saved:
    article_rows.save_failed(session, article.id, reason)
    return Saved()


def _save(
    deps: AnalysisDeps, now: datetime, article: ArticleRecord, site: pages.SiteProfile, read: Reading,
    judgement: Judgement, compared: Comparison, session: Session,
) -> Saved:  # fmt: skip
    if read.feed_only and not article.feed_only:
        article_rows.mark_feed_only(session, article.id)
    if (outlet := _outlet_of(article, read)) != article.outlet:
        discoveries.name_outlet(session, article.id, outlet)
    judgement = match_anew(judgement, deps.topics_at(session))
    placed = place(
        session, article.id, judgement, now=now, rules=deps.copy_rules, story_rules=deps.story_rules, before=compared
    )
    woke = count_reading(session, site, article, read, now=now)
    matched = [match.topic for match in placed.matches]
    says = partial(log.info, "article matched", article=article.id, story=placed.story_id, topics=matched)
    return Saved(woke, says if matched else None)


def _outlet_of(article: ArticleRecord, read: Reading) -> str:
    return feeds.outlet_name(article.outlet, read.article.site_name)
