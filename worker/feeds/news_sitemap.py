"""Google News sitemaps (schema sitemap-news/0.9), which many papers keep fresher than their feeds."""

from __future__ import annotations

from itertools import islice
from typing import Any

from worker.errors import DocumentError
from worker.feeds import dates, fields
from worker.feeds.defusing import MAX_ENTRIES
from worker.feeds.entry import FeedEntry, ParsedFeed
from worker.feeds.pieces import is_well_formed, take_apart
from worker.feeds.relations import Link
from worker.feeds.sections import end_sections
from worker.feeds.sitemaps import SitemapLink, choose_sitemaps

SITEMAP_INDEX = "sitemap-index"
"""The format of a document that names sitemaps."""

_DEPTH_OF_RECORDS = 3
_MOST_NAMED = 20_000  # sitemaps of an index: as many, with dates, as a document is read of


def read_news_sitemap(text: str, url: str) -> ParsedFeed:
    """Read the defused text of a news sitemap, each entry by itself that is not well-formed.

    An index of sitemaps has no entries, and those that are worth watching among its `links`, as "sitemap".

    Raises DocumentError: `not_a_feed` for one without news or an index that names none, `unreadable` for no XML.
    """
    text = end_sections(text, "url")
    pieces = None if is_well_formed(text) else take_apart(text, "url", "urlset")
    roots = [_root(pieces.framed(group)) for group in pieces.groups()] if pieces else [_root(text)]
    if _name(roots[0]) == "sitemapindex":
        return _index(roots[0], url)
    records = [_record(child) for root in roots for child in root if _name(child) == "url"]
    news = [record for record in records if "news" in record]
    if records and not news:
        raise DocumentError("not_a_feed", "a sitemap without news entries")
    return _feed(news, url)


def _root(text: str) -> Any:
    from lxml import etree  # 10 MB that a process which reads no sitemap should not pay

    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise DocumentError("unreadable", f"the sitemap is no XML: {str(fault)[:120]}") from fault
    if root is None:
        raise DocumentError("unreadable", "the sitemap is no XML")
    return root


def _index(root: Any, url: str) -> ParsedFeed:
    named = (_record(child) for child in islice(root, _MOST_NAMED))
    links = [
        SitemapLink(fields.absolute_url(one.get("loc"), url), dates.parse_date(one.get("lastmod", ""))) for one in named
    ]
    chosen = choose_sitemaps(links)
    if not chosen:
        raise DocumentError("not_a_feed", "an index of sitemaps that names none")
    left_out = (f"sitemaps beyond the first {_MOST_NAMED:,} were left out",) if len(root) > _MOST_NAMED else ()
    related = tuple(Link("sitemap", address) for address in chosen)
    times = tuple(link.changed for link in links if link.url in chosen and link.changed)
    return ParsedFeed("", "", (), format=SITEMAP_INDEX, troubles=left_out, links=related, times=times)


def _feed(news: list[dict[str, str]], url: str) -> ParsedFeed:
    left_out = max(len(news) - MAX_ENTRIES, 0)
    return ParsedFeed(
        title=fields.clean_text(news[0].get("name", "") if news else "", fields.MAX_TITLE_BYTES),
        link="",
        entries=tuple(_entry(record, url) for record in news[:MAX_ENTRIES]),
        language=fields.language_tag(news[0].get("language")) if news else None,
        format="news-sitemap",
        troubles=(f"{left_out} entries beyond the first {MAX_ENTRIES:,} were left out",) if left_out else (),
        truncated=left_out > 0,
    )


def _entry(record: dict[str, str], base: str) -> FeedEntry:
    title = fields.clean_text(record.get("title"), fields.MAX_TITLE_BYTES)
    url = fields.absolute_url(record.get("loc"), base)
    published = dates.parse_date(record.get("publication_date", ""))
    return FeedEntry(
        title=title,
        url=url,
        id=fields.entry_id(record.get("loc"), url, title, str(published)),
        published=published,
        updated=dates.parse_date(record.get("lastmod", "")),
        language=fields.language_tag(record.get("language")),
    )


def _record(element: Any, depth: int = 1) -> dict[str, str]:
    """Flatten one `url` into local names and texts; the first of equal names holds, images have their own."""
    found: dict[str, str] = {}
    for child in element:
        name = _name(child)
        if name in ("image", "video"):
            continue
        found.setdefault(name, (child.text or "").strip())
        if depth < _DEPTH_OF_RECORDS:
            found = _record(child, depth + 1) | found
    return found


def _name(element: Any) -> str:
    # The colon is there where nobody declared the prefix.
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""
