"""What is known of a site when one of its articles is read, and what that article shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from worker import pages
from worker.analysis.reading import Reading
from worker.analysis.site_twins import key_of, want_twins
from worker.setup.analysis_deps import AnalysisDeps
from worker.step import Wakeup, Wakeups
from worker.storage.articles import beginnings
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.articles.documents import DocumentRecord
from worker.storage.db.session import Session
from worker.storage.sites import site_rows


def profile_of(
    deps: AnalysisDeps, session: Session, article: ArticleRecord, page: DocumentRecord | None
) -> pages.SiteProfile:
    """Return what is known of the site an article was read on: where its page was found in the end."""
    host = pages.site_key(page.url if page is not None else article.url)
    return replace(deps.overrides_for(host), boilerplate=site_rows.learned_lines(session, host))


def count_reading(
    session: Session, site: pages.SiteProfile, article: ArticleRecord, read: Reading, *, now: datetime
) -> Wakeups:
    """Count what an article shows of its site; wake a review of the site if there is something new to judge."""
    page = read.page
    counted = site_rows.NewReading(
        template=read.article.layout.template,
        lines=pages.seen_lines(read.article),
        words=None if page is None else _count_words(page),
        whole=page is None or page.kind is pages.PageKind.ARTICLE,
        text_key=key_of(article, read),
    )
    site_id = site_rows.save_reading(
        session, site.host, article.id, article.feed_id, counted, known=site.boilerplate, now=now
    )
    first = pages.first_paragraphs(read.article.text)
    beginnings.keep_beginnings(session, {article.id: pages.beginning_keys(*first)})
    site_id = want_twins(session, site.host, article, read) or site_id
    site_id = _want_tellers(session, site.host, article, (pages.plain_text(article.entry_title), *first)) or site_id
    if page is not None and article.feed_id is not None:
        site_rows.watch_decay(session, article.feed_id)
    return (Wakeup("learn_site", site_id),) if site_id is not None else ()


def _want_tellers(session: Session, host: str, article: ArticleRecord, said: Sequence[str]) -> int | None:
    """Let the articles be read again that were read before this one was known, and say its headline or how it begins;
    return the site's number if there are any."""
    lines = [pages.line_key(text) for text in said if pages.beginning_keys(text)]
    return site_rows.want_readings(session, host, site_rows.carriers(session, host, lines, besides=article.id))


def _count_words(page: pages.ExtractedArticle) -> int:
    return 0 if page.kind is pages.PageKind.NOT_AN_ARTICLE else pages.count_words(page.text)
