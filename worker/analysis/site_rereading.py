"""Articles of a site read again, now that more is known of the site: those that this concerns, and put right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from worker import pages
from worker.analysis.beside_site import read_beside_site, tells_of_others
from worker.analysis.judgement import Judgement, judge, match_anew
from worker.analysis.reading import Reading, read_article
from worker.analysis.site_twins import has_twins
from worker.analysis.updating import revise
from worker.setup.analysis_deps import AnalysisDeps
from worker.setup.logs import get_log
from worker.step import Save, Saved, Wakeup
from worker.storage.articles import article_rows, documents
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.articles.documents import DocumentRecord
from worker.storage.db.session import Session
from worker.storage.sites import site_reviews, site_rows
from worker.storage.sites.site_reviews import ClaimedSite, StoredArticle

_ENOUGH = timedelta(seconds=2)  # well within the time after which a process of the analyze pool is killed

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Reread:
    """An article by its id, and what it is judged to be now, None for one whose page is gone; `feed_only` says that
    its page gives no story any more."""

    article_id: int
    judgement: Judgement | None = None
    feed_only: bool = False


def read_again(deps: AnalysisDeps, now: datetime, site: ClaimedSite) -> Save:
    """Read the next articles again that the site's profile, as it is now, would have read otherwise."""
    since = now - timedelta(days=deps.settings.keep.document_days)
    with deps.reading() as session:
        batch = site_reviews.next_articles(session, site, since=since)
        profile = replace(deps.overrides_for(site.host), boilerplate=site_rows.learned_lines(session, site.host))
        stale = [
            (article, documents.page_of(session, article.id), published)
            for article, stored, published in batch
            if _is_stale(stored, profile.boilerplate)
            or has_twins(session, site.host, article, stored.text)
            or tells_of_others(session, site.host, article, stored)
        ]
    before = {article.id: stored.text for article, stored, _ in batch}
    judged = list(_judge_again(deps, stale, profile, now=now))
    reached = judged[-1].article_id if len(judged) < len(stale) else batch[-1][0].id if batch else None
    return Save(partial(_save, deps, now, site, before, judged, reached), locks_stories=True)


def _save(
    deps: AnalysisDeps, now: datetime, site: ClaimedSite, before: Mapping[int, str], judged: Sequence[Reread],
    reached: int | None, session: Session,
) -> Saved:  # fmt: skip
    """Put the articles right, as many as there is time for: others wait for the lock."""
    until, topic_set = deps.now() + _ENOUGH, deps.topics_at(session)
    for again in judged:
        article_id = again.article_id
        if article_rows.text_of(session, article_id) != before[article_id]:
            reached = article_id - 1  # its page has changed meanwhile: it is read once more
            break
        if again.judgement is not None:
            said = match_anew(again.judgement, topic_set)
            if again.feed_only:
                article_rows.mark_feed_only(session, article_id)
            revise(session, article_id, said, rules=deps.copy_rules, story_rules=deps.story_rules, now=now)
        if deps.now() >= until and again is not judged[-1]:
            reached = article_id
            break
    left = site_reviews.save_progress(session, site, cursor=reached)
    says = partial(log.info, "articles read again", site=site.host, articles=len(judged)) if judged else None
    return Saved((Wakeup("learn_site", site.id),) if left else (), says)


def _judge_again(
    deps: AnalysisDeps,
    stale: Iterable[tuple[ArticleRecord, DocumentRecord | None, datetime]],
    site: pages.SiteProfile,
    *,
    now: datetime,
) -> Iterator[Reread]:
    """Yield what becomes of each until time is up, of the first in any case; None for one whose page is gone."""
    for article, page, published in stale:
        if page is None and not article.feed_only:
            yield Reread(article.id)
        else:
            read = read_beside_site(deps, article, site, partial(_read, article, page, now), now=now)
            judgement = judge(read.article, published=published, outlet=article.outlet, topic_set=deps.topics)
            yield Reread(article.id, judgement, read.feed_only)
        if deps.now() >= now + _ENOUGH:
            return


def _read(article: ArticleRecord, page: DocumentRecord | None, now: datetime, site: pages.SiteProfile) -> Reading:
    return read_article(article, page, now=now, site=site)


def _is_stale(stored: StoredArticle, boilerplate: frozenset[str]) -> bool:
    """Whether the text has lines that are boilerplate by now, or lacks some that are none any more."""
    return any(line in boilerplate for line in _normalized(stored.text.split("\n\n"))) or any(
        line not in boilerplate for line in _normalized(line for line, rule in stored.removed if rule == pages.LEARNED)
    )


def _normalized(lines: Iterable[str]) -> Iterator[str]:
    return (pages.normalize_line(line) for line in lines)
