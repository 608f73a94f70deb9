"""Requests to other people's servers: the answer, good or bad, comes back as a value, and documents are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from worker.errors import ConfigurationError, FetchError, FetchReason
from worker.intake.visits import HostBusy, ask_manners, kept_out, let_rest, not_now, visit
from worker.net import (
    ACCEPT_FEED,
    ACCEPT_PAGE,
    Busy,
    FetchedResource,
    Lease,
    NotModified,
    Permission,
    Validators,
    Visit,
    shown,
)
from worker.setup.intake_deps import IntakeDeps
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.articles.documents import save_document
from worker.storage.db.session import Session
from worker.storage.feeds.former_addresses import addresses_left
from worker.storage.feeds.polls import ClaimedFeed

_READABLE = ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")
_FORGETFUL = 0.98  # jitter is even in [-1, 1]: one poll in a hundred ignores the validators, as servers lie

FeedAnswer = FetchedResource | NotModified | FetchError | HostBusy
PageAnswer = FetchedResource | FetchError | HostBusy


def request_feeds(deps: IntakeDeps, feeds: Sequence[ClaimedFeed]) -> Iterator[tuple[ClaimedFeed, FeedAnswer]]:
    """Fetch feeds, one after the other.

    Their owners published them to be polled: of robots.txt only the Crawl-delay concerns them. A page that is read as a
    feed was made for people: it is asked for where robots.txt lets us.
    All turns are asked for at once, since that costs as much as asking for one. Who is not reached in time,
    because others were slow, is busy for no time at all.
    """
    left = _addresses_left(deps, feeds)
    places = deps.feed_hosts.enter_all([feed.url for feed in feeds])
    visits: list[Visit] = []
    begun, longest = deps.now(), deps.longest_round
    try:
        for feed, place in zip(feeds, places, strict=True):
            if isinstance(place, Busy):
                yield feed, not_now(feed.url, place)
                continue
            late = deps.now() - begun > longest
            busy = HostBusy(timedelta()) if late else _unannounced(deps, feed, place)
            started = deps.now()
            answer = busy or _ask_feed(deps, feed, left.get(feed.id, ()))
            visits.append((place, None if busy else deps.now() - started))
            yield feed, answer
    finally:
        gone = len(visits)
        unvisited = [place for place in places if isinstance(place, Lease)][gone:]
        deps.feed_hosts.leave_all([*visits, *((place, None) for place in unvisited)])


def _unannounced(deps: IntakeDeps, feed: ClaimedFeed, place: Lease) -> HostBusy | FetchError | None:
    """Ask first how far apart the host wants its visits, where that is not known, and whether a page may be read.

    Return how long to wait, or that it may not, if so.
    """
    if place.delay is not None and not feed.is_page:
        return None
    manners = ask_manners(deps, deps.feed_hosts, feed.url, place)
    if isinstance(manners, HostBusy):
        return manners
    kept = feed.is_page and manners.permission is not Permission.GRANTED
    return kept_out(feed.url, manners.permission) if kept else None


def _addresses_left(deps: IntakeDeps, feeds: Sequence[ClaimedFeed]) -> Mapping[int, Sequence[str]]:
    """The addresses under which the configuration may name these feeds, if it has more to say of any feed."""
    if not deps.access:
        return {}
    with deps.reading() as session:
        return addresses_left(session, [feed.id for feed in feeds])


def _ask_feed(deps: IntakeDeps, feed: ClaimedFeed, left: Sequence[str]) -> FetchedResource | NotModified | FetchError:
    trusting = deps.jitter() < _FORGETFUL
    known = Validators(feed.etag, feed.last_modified) if trusting else Validators()
    try:
        own = deps.access.headers(feed.url, left) if deps.access else None
        return deps.fetcher.fetch(feed.url, known, accept=ACCEPT_FEED, headers=own)
    except ConfigurationError as error:
        said = f"cannot be asked: {error}"
        return FetchError(FetchReason.MALFORMED, said, url=shown(feed.url), transient=False)
    except FetchError as error:
        let_rest(deps, feed.url, error)
        return error


def request_page(deps: IntakeDeps, article: ArticleRecord) -> PageAnswer:
    """Fetch an article's page, if robots.txt allows it and when the host has a place for us."""
    url = article.url
    answer = visit(deps, url, accept=ACCEPT_PAGE)
    if isinstance(answer, NotModified):
        return FetchError(FetchReason.MALFORMED, "answered 304 to a plain request", url=shown(url), transient=True)
    kind = answer.content_type.partition(";")[0].strip().lower() if isinstance(answer, FetchedResource) else ""
    if kind not in _READABLE:
        return FetchError(FetchReason.WRONG_TYPE, f"is {kind:.60}, not a page", url=shown(url), transient=False)
    return answer


def keep_document(session: Session, found: FetchedResource, *, now: datetime, **owner: int) -> int:
    """Keep what was fetched for a feed (`feed_id`) or an article (`article_id`); return the document's id."""
    links = [(link.rel, link.url) for link in found.links]
    return save_document(
        session, url=found.url, content_type=found.content_type, body=found.body, links=links, now=now, **owner
    )
