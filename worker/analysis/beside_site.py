"""An article read beside the others of its site: without their teasers, and with its feed's text for a shared wall."""

from __future__ import annotations

from datetime import datetime

from worker import pages
from worker.analysis.reading import Reading, read_without_teasers
from worker.analysis.site_twins import read_beside_twins
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.db.session import Session
from worker.storage.sites import site_rows


def read_beside_site(
    session: Session, site: pages.SiteProfile, article: ArticleRecord, read: Reading, *, now: datetime
) -> Reading:
    """Return the reading as it is beside the site's other articles; the same object where they change nothing."""
    keys = pages.beginning_keys(read.article.text)
    found = site_rows.neighbours(session, site.host, keys, besides=article.id)
    read = read_without_teasers(article, read, found, now=now, site=site)
    return read_beside_twins(session, site, article, read, now=now)
