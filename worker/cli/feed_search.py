"""From an address a person typed to the feed they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from worker.analysis.document_pool import Source, read_one
from worker.cli.source import is_url
from worker.errors import ConfigurationError, DocumentError, FetchError

if TYPE_CHECKING:
    from worker.net import FetchedResource
    from worker.setup.deps import Deps


@dataclass(frozen=True, slots=True)
class OtherFeed:
    """A feed the site announces beside the one that was taken."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """The feed that was meant, with what it says of itself; `had` tells that it was there when we looked.

    `url` is where it lives now: an address that has moved for good is not worth remembering.
    """

    url: str
    had: bool = False
    title: str = ""
    site: str = ""
    language: str | None = None
    others: tuple[OtherFeed, ...] = ()


def find_feed(deps: Deps, url: str, *, force: bool) -> FoundFeed:
    """Return the feed at that address, or the first that lives of those its page announces.

    With `force`, an address that cannot be had now is taken as it stands, and of a page whose feeds cannot the first.
    Raises `FetchError` otherwise, and `ConfigurationError` for a page that announces no feed, or none that can be read.
    """
    if not is_url(url):
        raise ConfigurationError(f"{url[:200]!r} is no web address: it has to begin with http:// or https://")
    try:
        return _look(deps, url, force=force)
    except FetchError as error:
        if force:
            return FoundFeed(url)
        raise FetchError(
            error.reason, f"{error}; to add it all the same, use --force", transient=error.transient
        ) from error


def _look(deps: Deps, url: str, *, force: bool) -> FoundFeed:
    fetched = _fetch(deps, url)
    try:
        return _as_feed(deps, url, fetched)
    except DocumentError:
        links = read_one("links", _source(fetched), deps.settings.analyze)
    if not links:
        raise ConfigurationError(f"{url} is neither a feed nor a page that announces one")
    return _first_living(deps, url, links, force=force)


def _first_living(deps: Deps, page: str, links: Sequence[dict[str, str]], *, force: bool) -> FoundFeed:
    """The first of the feeds a page announces that can be had and read, with the others it names."""
    faults: list[str] = []
    for number, link in enumerate(links):
        try:
            found = _as_feed(deps, link["url"], _fetch(deps, link["url"]))
        except (FetchError, DocumentError) as error:
            faults.append(f"{link['url']} ({error})")
            continue
        others = tuple(OtherFeed(other["url"], other["title"]) for other in links[number + 1 :])
        return replace(found, title=found.title or link["title"], others=others)
    if force:
        return FoundFeed(links[0]["url"], title=links[0]["title"])
    said = f"none of the feeds that {page} announces can be read: {'; '.join(faults)}"
    raise ConfigurationError(f"{said}; to add the first all the same, use --force")


def _fetch(deps: Deps, url: str) -> FetchedResource:
    from worker.net import ACCEPT_FEED, FetchedResource

    fetched = deps.fetcher.fetch(url, accept=ACCEPT_FEED, headers=deps.access.headers(url))
    if not isinstance(fetched, FetchedResource):
        raise ConfigurationError(f"{url} answered 304 to a plain request")
    return fetched


def _source(fetched: FetchedResource) -> Source:
    return Source(fetched.body, fetched.url, fetched.content_type)


def _as_feed(deps: Deps, url: str, fetched: FetchedResource) -> FoundFeed:
    parsed = read_one("feed", _source(fetched), deps.settings.analyze)
    now_at = fetched.moved_to or url
    return FoundFeed(now_at, had=True, title=parsed["title"], site=parsed["link"], language=parsed["language"])
