"""What a site's articles teach about the site: counted with each analysis, judged and applied in the background.

A site's profile is looked up by host, not by registered domain: a publisher's English edition, its blogs and its
shop have other templates and other furniture, and under a shared domain strangers live side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from worker import pages, stories
from worker.analysis import reading
from worker.analysis.judgement import Judgement, judge
from worker.analysis.updating import revise
from worker.retry import READ_RETRIES
from worker.setup.analysis_deps import AnalysisDeps
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.step import Wakeup, Wakeups
from worker.storage.articles import article_rows, documents
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.articles.documents import DocumentRecord
from worker.storage.db.database import serialize_stories
from worker.storage.sites import site_reviews, site_rows
from worker.storage.sites.site_reviews import ClaimedSite, LineSighting, ReviewedLine, SiteReview, StoredArticle

_ENOUGH = timedelta(seconds=2)  # well within the time after which a process of the analyze pool is killed
_EXAMPLES = 3
_FEWEST_WORDS = 15  # of its own text, for an article to be counted as one

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the sites with something new to judge."""
    with deps.reading() as session:
        return site_reviews.waiting_sites(session, now=deps.now(), limit=limit)


def learn_site(deps: AnalysisDeps, site_id: int) -> Wakeups:
    """Judge the next lines that recur on a site; once none is left, read its last days' articles with what is known."""
    now = deps.now()
    with deps.transaction() as session:
        claimed = site_reviews.claim_site(session, site_id, now=now, lease=deps.lease)
        if claimed is None:
            return ()
        if claimed.attempts > READ_RETRIES.attempts:
            log.error("look at a site given up", site=claimed.host, reason=reading.BROKE_PROCESS)
            site_reviews.save_given_up(session, claimed, reading.BROKE_PROCESS)
            return ()
        review = site_reviews.read_review(session, site_id)
    if not review.lines:
        return _read_again(deps, claimed, now=now)
    decisions = [_decide(line, review, now=now) for line in review.lines]
    with deps.transaction() as session:
        serialize_stories(session)  # who saves an article after this knows what was learned
        if not site_reviews.is_held(session, claimed):
            return ()
        site_reviews.save_decisions(session, claimed, decisions, now=now)
    for each in decisions:
        log.info("line judged", site=claimed.host, boilerplate=each.boilerplate, reason=each.reason)
    return (Wakeup("learn_site", site_id),)


def _decide(line: ReviewedLine, review: SiteReview, *, now: datetime) -> site_reviews.LineDecision:
    articles = [review.articles[seen.article_id] for seen in line.examples]
    text = next(filter(None, (site_reviews.find_line(article, line.key) for article in articles)), "")
    templates = {seen.template for seen in line.sightings}
    first = min(seen.at for seen in line.sightings)
    share = pages.decayed_share(
        [seen.at for seen in line.sightings],
        [at for template, at in review.pages if template in templates and at >= first],
        now=now,
    )
    apart = sum(seen.apart for seen in line.sightings) / len(line.sightings)
    carriers = tuple(pages.Carrier(seen.published, _terms(review, seen)) for seen in line.examples)
    verdict = pages.judge_recurrence(pages.Recurrence(text, share, apart, line.other_sites, carriers))
    examples = tuple(seen.article_id for seen in line.examples[:_EXAMPLES])
    return site_reviews.LineDecision(line.key, text, verdict.boilerplate, verdict.reason, len(line.sightings), examples)


def _terms(review: SiteReview, seen: LineSighting) -> dict[str, float]:
    """Return what an article is about by its own text; nothing where it has hardly any of its own."""
    article, own = review.articles[seen.article_id], review.own[seen.article_id]
    if pages.count_words(own) < _FEWEST_WORDS:
        return {}
    return dict(stories.features(stories.StoryArticle(article.title, own, article.language, seen.published)).vector)


def _read_again(deps: AnalysisDeps, review: ClaimedSite, *, now: datetime) -> Wakeups:
    """Read the next articles again that the site's profile, as it is now, would have read otherwise."""
    since = now - timedelta(days=deps.settings.keep.document_days)
    with deps.reading() as session:
        batch = site_reviews.next_articles(session, review, since=since)
        site = replace(deps.overrides_for(review.host), boilerplate=site_rows.learned_lines(session, review.host))
        stale = [
            (article, documents.page_of(session, article.id), published)
            for article, stored, published in batch
            if _is_stale(stored, site.boilerplate)
        ]
    before = {article.id: stored.text for article, stored, _ in batch}
    judged = list(_judge_again(deps, stale, site, now=now))
    reached = judged[-1][0] if len(judged) < len(stale) else batch[-1][0].id if batch else None
    with deps.transaction() as session:
        serialize_stories(session)
        if not site_reviews.is_held(session, review):
            return ()
        for article_id, judgement in judged:
            if article_rows.text_of(session, article_id) != before[article_id]:
                reached = article_id - 1  # its page has changed meanwhile: it is read once more
                break
            if judgement is not None:
                revise(session, article_id, judgement, rules=deps.copy_rules, story_rules=deps.story_rules, now=now)
        left = site_reviews.save_progress(session, review, cursor=reached)
    if judged:
        log.info("articles read again", site=review.host, articles=len(judged))
    return (Wakeup("learn_site", review.id),) if left else ()


def _judge_again(
    deps: AnalysisDeps,
    stale: Iterable[tuple[ArticleRecord, DocumentRecord | None, datetime]],
    site: pages.SiteProfile,
    *,
    now: datetime,
) -> Iterator[tuple[int, Judgement | None]]:
    """Yield what becomes of each until time is up, of the first in any case; None for one whose page is gone."""
    for article, page, published in stale:
        judgement = None
        if page is not None or article.feed_only:
            read = reading.read_article(article, page, now=now, site=site)
            judgement = judge(
                read.article, published=published, outlet=article.outlet, topic_set=deps.topics, embed=deps.embedder
            )
        yield article.id, judgement
        if deps.now() >= now + _ENOUGH:
            return


def _is_stale(stored: StoredArticle, boilerplate: frozenset[str]) -> bool:
    """Whether the text has lines that are furniture by now, or lacks some that are none any more."""
    return any(line in boilerplate for line in _normalized(stored.text.split("\n\n"))) or any(
        line not in boilerplate for line in _normalized(line for line, rule in stored.removed if rule == pages.LEARNED)
    )


def _normalized(lines: Iterable[str]) -> Iterator[str]:
    return (pages.normalize_line(line) for line in lines)
