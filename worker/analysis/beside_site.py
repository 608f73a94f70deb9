"""An article read beside the others of its site: without their teasers, and with its feed's text for a shared wall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from worker import pages
from worker.analysis.reading import Reading, teasers_in
from worker.analysis.site_twins import read_beside_twins
from worker.setup.base_deps import BaseDeps
from worker.storage.articles import beginnings
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.db.session import Session
from worker.storage.sites.site_reviews import StoredArticle

_ROUNDS = 3  # without the first teasers, the page's text may be chosen elsewhere, and have others


def read_beside_site(
    deps: BaseDeps,
    article: ArticleRecord,
    site: pages.SiteProfile,
    read_with: Callable[[pages.SiteProfile], Reading],
    *,
    now: datetime,
) -> Reading:
    """Return what `read_with` reads knowing the site; once more where its text has teasers of the site's other
    articles, which then are known too; and the feed's text where the page says what others of the site say."""
    read = read_with(site)
    for _ in range(_ROUNDS):
        with deps.reading() as session:
            teasers = _teasers(session, site.host, article, read.article) - site.teasers
        if not teasers:
            break
        site = replace(site, teasers=site.teasers | teasers)
        read = read_with(site)
    with deps.reading() as session:
        return read_beside_twins(session, site, article, read, now=now)


def tells_of_others(session: Session, host: str, article: ArticleRecord, stored: StoredArticle) -> bool:
    """Whether the stored text has lines that tell of other articles of the site: some that were not known yet."""
    removed = tuple(pages.RemovedLine(line, rule) for line, rule in stored.removed)
    said = pages.ExtractedArticle(pages.PageKind.ARTICLE, stored.title, stored.text, "", removed=removed)
    return bool(_teasers(session, host, article, said))


def _teasers(session: Session, host: str, article: ArticleRecord, said: pages.ExtractedArticle) -> frozenset[str]:
    neighbours = beginnings.neighbours(session, host, pages.line_keys(said), besides=article.id)
    return teasers_in(article, said, neighbours)
