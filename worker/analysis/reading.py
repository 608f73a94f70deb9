"""Between the rooms: a feed's entry becomes an article to be, a page or a feed's text becomes an article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from worker import feeds, pages
from worker.storage.articles.article_rows import ArticleRecord, NewArticle
from worker.storage.articles.documents import DocumentRecord
from worker.storage.feeds.feed_rows import FeedRecord

BROKE_PROCESS = "reading it broke its process three times (time or memory limit)"
_TOO_OLD_TO_MAIL = timedelta(days=30)
_LONGEST_TITLE = 500
_LONGEST_LANGUAGE = 16  # characters, as the column has


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as read, and whether only the feed's own text could be had; `page` is what its page gave, if any."""

    article: pages.ExtractedArticle
    published: datetime
    feed_only: bool
    page: pages.ExtractedArticle | None = None


def announce_all(feed: FeedRecord, parsed: feeds.ParsedFeed, *, now: datetime) -> list[NewArticle]:
    """Return the articles a document announces.

    Some feeds give one id to all their entries: where those have no link either, the title tells them apart.
    """
    announced = [announce(entry, feed, parsed, now=now) for entry in parsed.entries]
    titles: dict[str, set[str]] = {}
    for article in announced:
        if not article.has_page:
            titles.setdefault(article.key, set()).add(article.title)
    return [
        replace(article, key=f"{article.key}#{article.title}") if len(titles.get(article.key, ())) > 1 else article
        for article in announced
    ]


def announce(entry: feeds.FeedEntry, feed: FeedRecord, parsed: feeds.ParsedFeed, *, now: datetime) -> NewArticle:
    """Return the article an entry announces.

    It is known by its canonical URL; an entry without a link is known by its feed and its own id. On
    first sight of a feed, entries older than thirty days are stored but never mailed. Absurd dates are none.
    What a person set as the feed's language counts more than what the feed says of itself.
    """
    stated = (feeds.within_reason(moment) for moment in (entry.published, entry.updated) if moment)
    published = next((moment for moment in stated if moment), None)
    first_sight = feed.last_read_at is None
    old = published is not None and now - published > _TOO_OLD_TO_MAIL
    return NewArticle(
        key=pages.canonicalize_url(entry.url) if entry.url else f"{feed.first_url}#{entry.id}",
        url=pages.unwrap(entry.url) if entry.url else parsed.link or feed.url,
        has_page=bool(entry.url),
        entry_id=entry.id,
        title=entry.title,
        body=entry.content or entry.summary,
        language=(entry.language or feed.language or parsed.language or "")[:_LONGEST_LANGUAGE] or None,
        published=published,
        mailable=not (first_sight and old),
        updated=entry.updated,
    )


def read_article(
    article: ArticleRecord, page: DocumentRecord | None, *, now: datetime, site: pages.SiteProfile | None = None
) -> Reading:
    """Read the page; where it holds no article, take the feed's own text if that says more."""
    own = pages.extract_fragment(
        article.entry_body, title=article.entry_title, url=article.url, language=article.language, site=site
    )
    if page is None:
        return _reading(article, replace(own, reason=article.reason or own.reason), feed_only=True, now=now)
    found = pages.extract_article(page.body, page.url, content_type=page.content_type, now=now, site=site)
    if found.kind is not pages.PageKind.ARTICLE and len(own.text) > len(found.text):
        return _reading(article, replace(own, reason=found.reason), feed_only=True, now=now, page=found)
    return _reading(article, found, feed_only=False, now=now, page=found)


def _reading(
    article: ArticleRecord,
    found: pages.ExtractedArticle,
    *,
    feed_only: bool,
    now: datetime,
    page: pages.ExtractedArticle | None = None,
) -> Reading:
    """The feed's headline is the cleanest there is; its date is when the outlet says it published."""
    title = pages.plain_text(article.entry_title)[:_LONGEST_TITLE] or found.title
    published = article.entry_published or found.published or article.discovered_at
    if feed_only:  # the feed's text knows no address but that of its entry
        found = replace(found, canonical_url=None)
    return Reading(replace(found, title=title), min(published, now), feed_only, page)
