"""Any sitemap, of news or not: the pages and sitemaps it names that changed in a wanted time."""

from __future__ import annotations

import heapq
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from worker.errors import DocumentError
from worker.feeds import fields
from worker.feeds.dates import parse_date
from worker.feeds.packing import unpack
from worker.feeds.sitemaps.finding import SitemapLink

MAX_RECORDS = 50_000
"""Of a sitemap or an index, as the protocol has it."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names, the newest first; of pages only those with a date."""

    pages: tuple[SitemapLink, ...] = ()
    sitemaps: tuple[SitemapLink, ...] = ()


def read_sitemap(document: bytes, url: str, *, since: datetime, until: datetime, most: int) -> Sitemap:
    """Read a sitemap or an index: its pages from `since` to before `until`, `most` of them at most.

    A sitemap of an index counts if it changed since then, or does not say when. Raises DocumentError `unreadable` for
    what is neither.
    """
    pages, sitemaps = list[SitemapLink](), list[SitemapLink]()
    found = 0
    for kind, link in _records(unpack(document), url):
        found += 1
        if found > MAX_RECORDS:
            break
        if kind == "sitemap" and (link.changed is None or link.changed >= since):
            sitemaps.append(link)
        elif kind == "url" and link.changed is not None and since <= link.changed < until:
            pages.append(link)
    if not found:
        raise DocumentError("unreadable", "no sitemap: it names no page")
    sitemaps.sort(key=lambda link: link.changed or _NEVER, reverse=True)
    return Sitemap(tuple(heapq.nlargest(most, pages, key=lambda link: link.changed or _NEVER)), tuple(sitemaps))


def _records(document: bytes, url: str) -> Iterator[tuple[str, SitemapLink]]:
    """Record by record, so that 50,000 of them are never a tree; what is broken ends the reading."""
    from lxml import etree  # 10 MB that a process which reads no sitemap should not pay

    told: dict[str, str] = {}
    events = etree.iterparse(
        io.BytesIO(document), events=("end",), recover=True, resolve_entities=False, load_dtd=False, no_network=True,
        remove_comments=True, remove_pis=True, huge_tree=False,
    )  # fmt: skip
    try:
        for _, element in events:
            name = _name(element)
            if name in ("url", "sitemap"):
                if address := fields.absolute_url(told.get("loc"), url):
                    yield name, _link(address, told)
                told = {}
                _forget(element)
            elif name in ("loc", "lastmod", "publication_date", "title") and not _is_of_picture(element):
                told.setdefault(name, (element.text or "").strip())
    except (etree.XMLSyntaxError, ValueError):
        return


def _link(address: str, told: dict[str, str]) -> SitemapLink:
    stated = told.get("publication_date") or told.get("lastmod") or ""
    return SitemapLink(address, parse_date(stated), fields.clean_text(told.get("title"), fields.MAX_TITLE_BYTES))


def _is_of_picture(element: Any) -> bool:
    """Pictures and films have a `loc` and a `title` of their own."""
    around = element.getparent()
    return around is not None and _name(around) in ("image", "video")


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""
