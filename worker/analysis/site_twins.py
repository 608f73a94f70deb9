"""Articles of one site whose pages gave the same text: where it is no story of theirs, each is told with its feed's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from worker import pages
from worker.analysis.reading import SHARED, Reading, read_in_place_of
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.db.session import Session
from worker.storage.sites import site_rows
from worker.storage.sites.site_rows import SameText


def key_of(article: ArticleRecord, read: Reading) -> int | None:
    """Return the key of what the article's page gave; None without a page, and for next to no text."""
    return None if read.page is None else pages.text_key(read.page.text, article.entry_title)


def read_beside_twins(
    session: Session, site: pages.SiteProfile, article: ArticleRecord, read: Reading, *, now: datetime
) -> Reading:
    """Return the reading as it is beside the site's other articles: the same, or the feed's text in its place."""
    return _in_place_of(article, read, _twins(session, site.host, article, read), now=now, site=site) or read


def has_twins(session: Session, host: str, article: ArticleRecord, text: str) -> bool:
    """Whether other articles of the site gave the text that is told as this one's page's."""
    key = None if article.feed_only else pages.text_key(text, article.entry_title)
    return key is not None and bool(site_rows.same_texts(session, host, key, besides=article.id))


def want_twins(session: Session, host: str, article: ArticleRecord, read: Reading) -> int | None:
    """Let the twins of an article without a story of its own be read again, and itself where they came in while it was
    read; return the site's number where that is to be done."""
    twins = _twins(session, host, article, read)
    came_in = _in_place_of(article, read, twins, now=read.published) is not None
    if not came_in and (read.page is None or read.page.reason != SHARED):
        return None
    believed = [twin.article_id for twin in twins if not twin.feed_only]
    return site_rows.want_readings(session, host, [*believed, *([article.id] if came_in else [])])


def _in_place_of(
    article: ArticleRecord, read: Reading, twins: Sequence[SameText], *, now: datetime,
    site: pages.SiteProfile | None = None,
) -> Reading | None:  # fmt: skip
    return read_in_place_of(article, read, [twin.title for twin in twins], now=now, site=site) if twins else None


def _twins(session: Session, host: str, article: ArticleRecord, read: Reading) -> list[SameText]:
    key = key_of(article, read)
    return [] if key is None else site_rows.same_texts(session, host, key, besides=article.id)
