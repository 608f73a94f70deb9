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
            keys = pages.line_keys(read.article)
            neighbours = beginnings.neighbours(session, site.host, keys, besides=article.id)
        teasers = teasers_in(article, read, neighbours) - site.teasers
        if not teasers:
            break
        site = replace(site, teasers=site.teasers | teasers)
        read = read_with(site)
    with deps.reading() as session:
        return read_beside_twins(session, site, article, read, now=now)
