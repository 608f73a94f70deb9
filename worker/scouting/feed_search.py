"""From an address a person typed to the feed they mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from worker import feeds
from worker.analysis.document_pool import Source, read_one
from worker.errors import ConfigurationError, DocumentError, FetchError, FetchReason

if TYPE_CHECKING:
    from worker.net import FetchedResource
    from worker.setup.intake_deps import IntakeDeps

_MOST_REFRESHES = 3
_ENTRIES = 10
_MOST_ANNOUNCED = 20
_LONGEST = timedelta(minutes=4)  # shorter than the lease of who looks
_HOPELESS = (FetchReason.DNS, FetchReason.CONNECTION, FetchReason.TIMEOUT, FetchReason.TLS, FetchReason.THROTTLED)
"""After which the host's other addresses need not be tried."""


@dataclass(frozen=True, slots=True)
class OtherFeed:
    """A feed the site announces beside the one that was taken."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An address that was tried, and why no feed was had there."""

    url: str
    why: str


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry of the feed that was found; `published` is as ISO 8601 writes it, "" where it is not known."""

    title: str
    url: str
    published: str


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """The feed that was meant, with what it says of itself; `had` tells that it was there when we looked.

    `url` is where it lives now: an address that has moved for good is not worth remembering. `tried` are the addresses
    where it was looked for before, `entries` the first that it lists.
    """

    url: str
    had: bool = False
    title: str = ""
    site: str = ""
    language: str | None = None
    others: tuple[OtherFeed, ...] = ()
    tried: tuple[Attempt, ...] = ()
    entries: tuple[FoundEntry, ...] = ()


def find_feed(deps: IntakeDeps, written: str, *, force: bool) -> FoundFeed:
    """Return the feed at that address; else the first that lives of those its page announces, or in the usual places.

    An address without a scheme is meant with https, or with http. With `force`, what cannot be had now is taken as it
    stands, and of a page whose feeds cannot, the first. Raises `FetchError` where nothing can be had and
    `ConfigurationError` where it leads to no feed; both name every address that was tried.
    """
    addresses = feeds.meant_addresses(written)
    if not addresses:
        raise ConfigurationError(
            f"{written[:200]!r} is no web address, such as news.example or https://news.example/feed"
        )
    search = _Search(deps, deps.now() + _LONGEST)
    found = search.follow(addresses)
    if found is not None:
        return replace(found, tried=tuple(search.tried))
    if force:
        first = search.announced[0] if search.announced else feeds.FeedLink(addresses[0], "")
        return FoundFeed(first.url, title=first.title, tried=tuple(search.tried))
    raise search.fault(addresses[0])


@dataclass
class _Search:
    """One search: what was tried, and the feeds that pages have announced on the way."""

    deps: IntakeDeps
    until: datetime
    tried: list[Attempt] = field(default_factory=list)
    announced: list[feeds.FeedLink] = field(default_factory=list)
    refused: FetchError | None = None
    any_had: bool = False

    def follow(self, addresses: Sequence[str]) -> FoundFeed | None:
        page = self._open_first(addresses)
        for _ in range(_MOST_REFRESHES):
            if isinstance(page, FoundFeed) or page is None:
                break
            self.announced = self._announced_by(page)
            onward = "" if self.announced else read_one("refresh", _source(page), self.deps.settings.analyze)
            if not onward:
                break
            page = self._open(onward)
        if isinstance(page, FoundFeed):
            return page
        return self._first_living(self.announced) or self._in_usual_places(page.url if page else addresses[0])

    def fault(self, address: str) -> ConfigurationError | FetchError:
        said = "; ".join(f"{attempt.url} ({attempt.why})" for attempt in self.tried)
        if self.refused is not None and not self.any_had:
            why = f"no feed could be had; tried: {said}; to add it all the same, use --force"
            return FetchError(self.refused.reason, why, transient=self.refused.transient)
        if self.announced:
            return ConfigurationError(
                f"none of the feeds that {address} announces can be read; tried: {said}; "
                "to add the first all the same, use --force"
            )
        return ConfigurationError(f"{address} is neither a feed nor a page that leads to one; tried: {said}")

    def _open_first(self, addresses: Iterable[str]) -> FoundFeed | FetchedResource | None:
        """The first that answers at all: who refuses us by https does so by http."""
        for address in addresses:
            page = self._open(address)
            if page is not None or (self.refused is not None and self.refused.status is not None):
                return page
        return None

    def _open(self, url: str) -> FoundFeed | FetchedResource | None:
        """The feed at that address, or what else is there; None where it cannot be had."""
        if self.deps.now() > self.until:
            self.tried.append(Attempt(url, "not tried, for the search took too long"))
            return None
        if self.tried:  # we are guests there
            self.deps.sleep(timedelta(seconds=self.deps.settings.fetch.feed_spacing_seconds))
        try:
            fetched = _fetch(self.deps, url)
        except FetchError as error:
            self.refused = error
            self.tried.append(Attempt(url, error.why))
            return None
        self.any_had, self.refused = True, None
        try:
            return _as_feed(self.deps, url, fetched)
        except DocumentError as error:
            self.tried.append(Attempt(url, str(error)))
            return fetched

    def _announced_by(self, page: FetchedResource) -> list[feeds.FeedLink]:
        """What the page's header announces, then what it says itself."""
        by_header = (
            feeds.FeedLink(link.url, link.title, link.type)
            for link in page.links
            if feeds.announces_feed(link.rel.split(), link.type, link.url)
        )
        links = read_one("links", _source(page), self.deps.settings.analyze)
        by_page = (feeds.FeedLink(link["url"], link["title"], link["type"]) for link in links)
        return list({link.url: link for link in (*by_header, *by_page)}.values())[:_MOST_ANNOUNCED]

    def _first_living(self, links: Sequence[feeds.FeedLink]) -> FoundFeed | None:
        for number, link in enumerate(links):
            found = self._open(link.url)
            if isinstance(found, FoundFeed):
                others = tuple(OtherFeed(other.url, other.title) for other in links[number + 1 :])
                return replace(found, title=found.title or link.title, others=others)
        return None

    def _in_usual_places(self, url: str) -> FoundFeed | None:
        known = {attempt.url for attempt in self.tried}
        for place in feeds.usual_places(url):
            if self.refused is not None and self.refused.reason in _HOPELESS:
                return None
            found = self._open(place) if place not in known else None
            if isinstance(found, FoundFeed):
                return found
        return None


def _fetch(deps: IntakeDeps, url: str) -> FetchedResource:
    from worker.net import ACCEPT_FEED, FetchedResource

    fetched = deps.fetcher.fetch(url, accept=ACCEPT_FEED, headers=deps.access.headers(url))
    if not isinstance(fetched, FetchedResource):
        raise FetchError(FetchReason.MALFORMED, "answered 304 to a plain request", url=url, transient=True)
    return fetched


def _source(fetched: FetchedResource) -> Source:
    return Source(fetched.body, fetched.url, fetched.content_type)


def _believed(date: str | None) -> str:
    """The date as ISO 8601; "" where there is none, or no article can be of that time."""
    moment = feeds.within_reason(datetime.fromisoformat(date)) if date else None
    return moment.isoformat() if moment else ""


def _as_feed(deps: IntakeDeps, url: str, fetched: FetchedResource) -> FoundFeed:
    parsed = read_one("feed", _source(fetched), deps.settings.analyze)
    now_at = fetched.moved_to or url
    entries = tuple(
        FoundEntry(one["title"], one["url"] or "", _believed(one["published"])) for one in parsed["entries"][:_ENTRIES]
    )
    return FoundFeed(
        now_at, had=True, title=parsed["title"], site=parsed["link"], language=parsed["language"], entries=entries
    )
