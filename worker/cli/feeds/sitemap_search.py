"""From a site's address to its news sitemaps: by robots.txt, by the usual places, through indexes."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from worker.analysis.document_pool import Source, read_one
from worker.errors import ConfigurationError, DocumentError, FetchError
from worker.feeds import SITEMAP_INDEX
from worker.feeds.sitemaps import MOST_LEVELS, USUAL_PLACES, is_rotated, sitemap_lines

if TYPE_CHECKING:
    from worker.net import FetchedResource
    from worker.setup.deps import Deps

_MOST_ASKED = 25
"""Addresses that are asked for in one search, robots.txt included: indexes may go on without end."""


@dataclass(frozen=True, slots=True)
class FoundSitemap:
    """A news sitemap, or the index that names ever new ones; `entries` is what is listed now."""

    url: str
    title: str
    entries: int


@dataclass(slots=True)
class SitemapSearch:
    """What a search came to, the site where that was, and a line on each address that it looked at."""

    site: str = ""
    found: list[FoundSitemap] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """An address to look at, and the indexes that lead there, the nearest last."""

    url: str
    indexes: tuple[str, ...] = ()


def find_sitemaps(deps: Deps, addresses: Sequence[str]) -> SitemapSearch:
    """Return the news sitemaps of the site at the first of these addresses that has any, or at that address itself.

    A sitemap whose address is of a day or a number is stood for by the index that names it.
    """
    search = SitemapSearch()
    for url in addresses:
        search.site = url
        _search(deps, url, search)
        if search.found:
            break
    return search


def _search(deps: Deps, url: str, search: SitemapSearch) -> None:
    places = deque(_Place(one) for one in _first_places(deps, url, search))
    seen: set[str] = set()
    while places and len(search.looked_at) < _MOST_ASKED:
        place = places.popleft()
        if place.url in seen:
            continue
        seen.add(place.url)
        parsed = _read(deps, place, search)
        if parsed is None:
            continue
        if parsed["format"] == SITEMAP_INDEX:
            within = [_Place(address, (*place.indexes, place.url)) for _, address in parsed["links"]]
            places.extendleft(reversed(within if len(place.indexes) < MOST_LEVELS else []))
        else:
            _keep(search, place, parsed)


def _first_places(deps: Deps, url: str, search: SitemapSearch) -> list[str]:
    """What robots.txt names, else where sitemaps usually are; before both the address itself, if it is a sitemap's."""
    robots = urljoin(url, "/robots.txt")
    own = [url] if url.partition("?")[0].endswith((".xml", ".xml.gz", ".gz")) else []
    try:
        lines = sitemap_lines(_fetch(deps, robots).body, robots)
    except FetchError as error:
        search.looked_at.append(_told(robots, error))
        lines = ()
    else:
        search.looked_at.append(f"{robots}: {len(lines)} sitemaps named")
    return [*own, *(lines or [urljoin(url, place) for place in USUAL_PLACES])]


def _read(deps: Deps, place: _Place, search: SitemapSearch) -> dict[str, Any] | None:
    try:
        fetched = _fetch(deps, place.url)
        source = Source(fetched.body, fetched.url, fetched.content_type)
        parsed: dict[str, Any] = read_one("feed", source, deps.settings.analyze)
    except (FetchError, DocumentError) as error:
        search.looked_at.append(_told(place.url, error))
        return None
    index = parsed["format"] == SITEMAP_INDEX
    said = f"an index, {len(parsed['links'])} of its sitemaps are looked at" if index else parsed["format"]
    search.looked_at.append(f"{place.url}: {said}")
    return parsed


def _told(url: str, error: FetchError | DocumentError) -> str:
    return f"{url}: {error.why if isinstance(error, FetchError) else error}"


def _keep(search: SitemapSearch, place: _Place, parsed: dict[str, Any]) -> None:
    url = place.indexes[-1] if place.indexes and is_rotated(place.url) else place.url
    if url not in {one.url for one in search.found}:
        search.found.append(FoundSitemap(url, parsed["title"], len(parsed["entries"])))


def _fetch(deps: Deps, url: str) -> FetchedResource:
    from worker.net import ACCEPT_FEED, FetchedResource

    fetched = deps.fetcher.fetch(url, accept=ACCEPT_FEED)
    if not isinstance(fetched, FetchedResource):
        raise ConfigurationError(f"{url} answered 304 to a plain request")
    return fetched
