"""A page, or a feed's own text, becomes an article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from worker import pages
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.articles.documents import DocumentRecord

SHARED = "its page says what other pages of its site say, and nothing that its feed announces"
BROKE_PROCESS = "reading it broke its process three times (time or memory limit)"
_ASKS = "its page asks things of its reader, and tells nothing that its feed announces"
_NONE = pages.PageKind.NOT_AN_ARTICLE
_SHORT = 150  # words
_LONGEST_TITLE = 500
_SHARED_WORDS = 0.2  # of what the feed announces: of its summary the first paragraph has a third and more


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as read, and whether only the feed's own text could be had; `page` is what its page gave, if any."""

    article: pages.ExtractedArticle
    published: datetime
    feed_only: bool
    page: pages.ExtractedArticle | None = None


def read_article(
    article: ArticleRecord, page: DocumentRecord | None, *, now: datetime, site: pages.SiteProfile | None = None
) -> Reading:
    """Read the page; where it holds no article, take the feed's own text, however short.

    A page that shows a part of the story is believed where that part tells what the entry announces, and more of it
    than the feed does. A post without a title is what its feed says: around it, its page shows others.
    """
    if page is None:
        return _read_entry(article, article.reason, now=now, site=site)
    found = pages.extract_article(page.body, page.url, content_type=page.content_type, now=now, site=site)
    from_entry = _read_entry(article, found.reason, now=now, site=site)
    own = from_entry.article
    if not article.entry_title.strip() and _is_post(own, found):
        return _reading(article, replace(own, reason=""), feed_only=False, now=now, page=found)
    if _asks_of_strangers(found, own):
        return replace(from_entry, article=replace(own, reason=_ASKS), page=replace(found, kind=_NONE, reason=_ASKS))
    if found.kind is pages.PageKind.ARTICLE or (found.kind is pages.PageKind.PARTIAL and _tells_more(found, own)):
        return _reading(article, found, feed_only=False, now=now, page=found)
    return replace(from_entry, page=found)


def read_without_page(
    article: ArticleRecord, reason: str, *, now: datetime, site: pages.SiteProfile | None = None
) -> Reading:
    """Read the feed's own text in place of a page that cannot be read; the page counts as one that gave nothing."""
    nothing = pages.ExtractedArticle(_NONE, "", "", reason)
    return replace(_read_entry(article, reason, now=now, site=site), page=nothing)


def read_in_place_of(
    article: ArticleRecord,
    read: Reading,
    titles: Iterable[str],
    *,
    now: datetime,
    site: pages.SiteProfile | None = None,
) -> Reading | None:
    """Read the feed's own text where the page's stands in place of a story; None where it may be one.

    `titles` are those of the site's other articles whose pages gave the same text.
    """
    page = read.page
    if read.feed_only or page is None or not article.entry_title.strip():
        return None
    summary = _read_entry(article, None, now=now, site=site).article.text
    if not pages.stands_for_others(page.text, title=article.entry_title, summary=summary, titles=titles):
        return None
    wall = replace(page, kind=_NONE, reason=SHARED)
    return replace(_read_entry(article, SHARED, now=now, site=site), page=wall)


def teasers_in(
    article: ArticleRecord, said: pages.ExtractedArticle, neighbours: Iterable[pages.Neighbour]
) -> frozenset[str]:
    """Return the lines of the text that tell of other articles of its site, as `SiteProfile.teasers` has them."""
    entry = pages.Neighbour(pages.plain_text(article.entry_title), pages.plain_text(article.entry_body))
    return pages.find_teasers(said, (entry, pages.Neighbour(said.title)), neighbours)


def _read_entry(
    article: ArticleRecord, reason: str | None, *, now: datetime, site: pages.SiteProfile | None
) -> Reading:
    own = pages.extract_fragment(
        article.entry_body, title=article.entry_title, url=article.url, language=article.language, site=site
    )
    return _reading(article, replace(own, reason=reason or own.reason), feed_only=True, now=now)


def _is_post(own: pages.ExtractedArticle, found: pages.ExtractedArticle) -> bool:
    """Whether an entry without a headline says all there is, as posts of social networks do: their pages have none
    either, but the writer's name."""
    is_whole = bool(own.text) and not own.text.endswith(("…", "..."))
    return is_whole and not pages.long_words(found.title) & pages.long_words(own.text)


def _asks_of_strangers(found: pages.ExtractedArticle, own: pages.ExtractedArticle) -> bool:
    """Whether a short page asks things of its reader and reports nothing, and nothing that its feed announces: a wall
    in words that nobody knows. A short story in other words than its headline's reports."""
    announced, told = pages.long_words(f"{own.title} {own.text}"), pages.long_words(found.text)
    return (
        0 < pages.count_words(found.text) <= _SHORT
        and bool(announced)
        and len(announced & told) <= len(announced) * _SHARED_WORDS
        and pages.asks_more_than_it_tells(found.text)
    )


def _tells_more(found: pages.ExtractedArticle, own: pages.ExtractedArticle) -> bool:
    """Whether a part of a story is longer than the feed's text and of the same story: a wall that nobody knows yet
    shares hardly a word with what the feed announces."""
    if len(own.text) > len(found.text):
        return False
    announced, told = pages.long_words(f"{own.title} {own.text}"), pages.long_words(found.text)
    return len(announced & told) >= len(announced) * _SHARED_WORDS


def _reading(
    article: ArticleRecord,
    found: pages.ExtractedArticle,
    *,
    feed_only: bool,
    now: datetime,
    page: pages.ExtractedArticle | None = None,
) -> Reading:
    """The feed's headline is the cleanest there is; its date is when the outlet says it published."""
    names = (article.outlet, (page or found).site_name)
    stated = pages.headline_of_entry(pages.plain_text(article.entry_title), names, article.url)
    stated = pages.without_section(stated, (page or found).title)
    title = stated[:_LONGEST_TITLE] or found.title
    published = article.entry_published or found.published or article.discovered_at
    if feed_only:  # the feed's text knows no address but that of its entry
        found = replace(found, canonical_url=None)
    return Reading(replace(found, title=title), min(published, now), feed_only, page)
