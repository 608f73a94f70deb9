"""Google News sitemaps (schema sitemap-news/0.9), which many papers keep fresher than their feeds."""

from __future__ import annotations

from typing import Any

from worker.errors import DocumentError
from worker.feeds import dates, fields
from worker.feeds.defusing import MAX_ENTRIES
from worker.feeds.entry import FeedEntry, ParsedFeed
from worker.feeds.pieces import is_well_formed, take_apart
from worker.feeds.sections import end_sections

_DEPTH_OF_RECORDS = 3


def read_news_sitemap(text: str, url: str) -> ParsedFeed:
    """Read the defused text of a news sitemap, each entry by itself that is not well-formed.

    Raises DocumentError: `not_a_feed` for an index of sitemaps or one without news, `unreadable` for no XML.
    """
    text = end_sections(text, "url")
    pieces = None if is_well_formed(text) else take_apart(text, "url", "urlset")
    roots = [_root(pieces.framed(group)) for group in pieces.groups()] if pieces else [_root(text)]
    if _name(roots[0]) == "sitemapindex":
        first = next((value for child in roots[0] for key, value in _record(child).items() if key == "loc"), "")
        raise DocumentError("not_a_feed", f"an index of sitemaps; add one of those it names, such as {first[:200]!r}")
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
