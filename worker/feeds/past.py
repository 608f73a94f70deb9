"""Where what a feed no longer lists can still be had, page by page, back to a wanted moment.

In this order: the archives or older pages that the feed names itself (RFC 5005), WordPress's pages of a feed, a
listing's older pages; where there is none of these, the site's sitemaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from worker.feeds.dates import within_reason
from worker.feeds.entry import FeedEntry, ParsedFeed
from worker.feeds.listings import ListingRules, older_listing, read_listing
from worker.feeds.news_sitemap import SITEMAP_INDEX
from worker.feeds.parsing import parse_feed
from worker.feeds.sitemaps import MOST_LEVELS, USUAL_PLACES, SitemapLink, sitemap_lines
from worker.feeds.sitemaps.pages import read_sitemap

MOST_PAGES = 200
"""Pages of one feed's past that are asked for."""

MOST_ARTICLES = 5_000
"""Articles that one feed's past may bring."""

_MOST_SITEMAPS = 12  # of an index or a robots.txt
_OF_OTHER_THINGS = re.compile(r"categor|tag|author|autor|image|imagen|video|page[-_s]|product|section", re.IGNORECASE)
_SLUG = re.compile(r"\d|[^/-]+-[^/-]+-[^/-]+")

Kind = Literal["feed", "robots", "sitemap"]


class PastPage(NamedTuple):
    """A page to read: of the feed's or listing's own (its first at level 0), the site's robots.txt, or a sitemap."""

    url: str
    kind: Kind
    level: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """What is wanted: from `since` on, before `until`; what is later is the polls' own. `reached` is how far we are."""

    since: datetime
    until: datetime
    reached: datetime


@dataclass(frozen=True, slots=True)
class PastReading:
    """What a page says of the wanted time, how far back it goes, and which pages are next.

    The first page says `until` when the others are wanted: what it lists itself is read by the polls.
    """

    entries: tuple[FeedEntry, ...] = ()
    oldest: datetime | None = None
    ahead: tuple[PastPage, ...] = ()
    until: datetime | None = None
    parsed: ParsedFeed = field(default_factory=lambda: ParsedFeed("", "", ()))


def read_past(
    document: bytes, url: str, content_type: str, page: PastPage, span: Span, rules: ListingRules | None = None
) -> PastReading:
    """Read one page. Raises DocumentError as `parse_feed` and `read_listing` do."""
    if page.kind == "robots":
        return PastReading(ahead=_named_in_robots(document, page))
    if page.kind == "sitemap":
        return _in_sitemap(document, page, span)
    parsed = read_listing(document, url, content_type, rules) if rules else parse_feed(document, url, content_type)
    dated = [moment for entry in parsed.entries if (moment := moment_of(entry))]
    oldest = _reach(dated)
    older = _older(parsed, page, older_listing(document, url, content_type) if rules else "")
    if page.level == 0:
        until = oldest or span.until
        ahead = () if until <= span.since else older or after_failure(page)
        return PastReading((), None, ahead, until, parsed)
    kept = tuple(entry for entry in parsed.entries if _is_wanted(entry, span))
    if oldest is not None and oldest >= span.reached:
        older = after_failure(page)  # it goes no further back: pages that are asked for in vain repeat the first
    elif oldest is not None and oldest < span.since:
        older = ()
    return PastReading(kept, oldest, older, None, parsed)


def after_failure(page: PastPage) -> tuple[PastPage, ...]:
    """Return where to look instead, where the first older page is not there: among the site's sitemaps."""
    return (PastPage(urljoin(page.url, "/robots.txt"), "robots"),) if page.kind == "feed" and page.level <= 1 else ()


def without_robots(page: PastPage) -> tuple[PastPage, ...]:
    """Return where sitemaps usually are, for a site whose robots.txt names none or cannot be had."""
    return tuple(PastPage(urljoin(page.url, place), "sitemap") for place in USUAL_PLACES)


def moment_of(entry: FeedEntry) -> datetime | None:
    """Return when the entry came out, as far as it says so."""
    stated = (within_reason(moment) for moment in (entry.published, entry.updated) if moment)
    return next((moment for moment in stated if moment), None)


def _reach(listed: Sequence[datetime]) -> datetime | None:
    """Return how far back a page goes, by its dates that stand in order: what is pinned on top says nothing."""
    in_order = max(_descending(listed), _descending(listed[::-1]), key=len)
    return min(in_order if 2 * len(in_order) >= len(listed) else listed, default=None)


def _descending(listed: Sequence[datetime]) -> list[datetime]:
    """Those that none which follows is later than."""
    kept: list[datetime] = []
    for moment in reversed(listed):
        if not kept or moment >= kept[-1]:
            kept.append(moment)
    return kept


def _is_wanted(entry: FeedEntry, span: Span) -> bool:
    moment = moment_of(entry)
    return moment is None or span.since <= moment < span.until


def _older(parsed: ParsedFeed, page: PastPage, listed: str) -> tuple[PastPage, ...]:
    stated = {link.relation: link.url for link in reversed(parsed.links)}
    address = stated.get("prev-archive") or stated.get("next") or listed
    if not address and ("wordpress" in parsed.generator.lower() or "paged=" in page.url) and parsed.entries:
        address = _paged(page.url, page.level + 2)
    return (PastPage(address, "feed", page.level + 1),) if address and address != page.url else ()


def _paged(url: str, number: int) -> str:
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("paged", number)]), fragment=""))


def _named_in_robots(document: bytes, page: PastPage) -> tuple[PastPage, ...]:
    named = [address for address in sitemap_lines(document, page.url) if not _is_of_other_things(address)]
    return tuple(PastPage(address, "sitemap") for address in named[:_MOST_SITEMAPS]) or without_robots(page)


def _is_of_other_things(url: str) -> bool:
    return bool(_OF_OTHER_THINGS.search(urlsplit(url).path))


def _in_sitemap(document: bytes, page: PastPage, span: Span) -> PastReading:
    sitemap = read_sitemap(document, page.url, since=span.since, until=span.until, most=MOST_ARTICLES)
    host = _site_of(page.url)
    entries = tuple(
        FeedEntry(link.title, link.url, link.url, published=link.changed)
        for link in sitemap.pages
        if _site_of(link.url) == host and _SLUG.search(urlsplit(link.url).path)
    )
    ahead = _within(sitemap.sitemaps, page) if page.level < MOST_LEVELS else ()
    return PastReading(entries, None, ahead, None, ParsedFeed("", "", (), format=SITEMAP_INDEX if ahead else "sitemap"))


def _within(named: Iterable[SitemapLink], page: PastPage) -> tuple[PastPage, ...]:
    wanted = [link.url for link in named if not _is_of_other_things(link.url)]
    return tuple(PastPage(address, "sitemap", page.level + 1) for address in wanted[:_MOST_SITEMAPS])


def _site_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
