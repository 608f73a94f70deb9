"""Requests to other people's servers: the answer, good or bad, comes back as a value, and documents are kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.errors import ConfigurationError, FetchError, FetchReason
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
_LONGEST_NAP = timedelta(seconds=0.5)  # longer would let one busy host put the whole pool to sleep
_FORGETFUL = 0.98  # jitter is even in [-1, 1]: one poll in a hundred ignores the validators, as servers lie


@dataclass(frozen=True, slots=True)
class HostBusy:
    """The host is visited enough just now: our turn comes after `wait`."""

    wait: timedelta


FeedAnswer = FetchedResource | NotModified | FetchError | HostBusy
PageAnswer = FetchedResource | FetchError | HostBusy


def request_feeds(deps: IntakeDeps, feeds: Sequence[ClaimedFeed]) -> Iterator[tuple[ClaimedFeed, FeedAnswer]]:
    """Fetch feeds, one after the other. Their owners published them to be polled: robots.txt is asked for pages alone.

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
                yield feed, _kept_waiting(feed.url, place)
                continue
            started = deps.now()
            late = started - begun > longest
            answer = HostBusy(timedelta()) if late else _ask_feed(deps, feed, left.get(feed.id, ()))
            visits.append((place, None if late else deps.now() - started))
            yield feed, answer
    finally:
        gone = len(visits)
        unvisited = [place for place in places if isinstance(place, Lease)][gone:]
        deps.feed_hosts.leave_all([*visits, *((place, None) for place in unvisited)])


def _kept_waiting(url: str, place: Busy) -> FetchError | HostBusy:
    return _asked_for_rest(url, place) if place.resting else HostBusy(place.turn)


def _asked_for_rest(url: str, place: Busy) -> FetchError:
    minutes = math.ceil(place.wait / timedelta(minutes=1))
    said = f"the host of {shown(url)} asked to be left alone, for {minutes} more minute{'s' if minutes > 1 else ''}"
    return FetchError(FetchReason.THROTTLED, said, transient=True, retry_after=place.wait)


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
        if feed.is_page and (permission := deps.robots.permission(feed.url)) is not Permission.GRANTED:
            return _kept_out(feed.url, permission)
        own = deps.access.headers(feed.url, left) if deps.access else None
        return deps.fetcher.fetch(feed.url, known, accept=ACCEPT_FEED, headers=own)
    except ConfigurationError as error:
        return FetchError(FetchReason.MALFORMED, f"{shown(feed.url)} cannot be asked: {error}", transient=False)
    except FetchError as error:
        _let_rest(deps, feed.url, error)
        return error


def request_page(deps: IntakeDeps, article: ArticleRecord) -> PageAnswer:
    """Fetch an article's page, if robots.txt allows it and when the host has a place for us."""
    try:
        permission = deps.robots.permission(article.url)
        if permission is not Permission.GRANTED:
            return _kept_out(article.url, permission)
        return _visit(deps, article.url)
    except FetchError as error:
        _let_rest(deps, article.url, error)
        return error


def _kept_out(url: str, permission: Permission) -> FetchError:
    refused = permission is Permission.REFUSED
    place = shown(url)
    said = f"robots.txt asks us to leave {place} alone" if refused else f"the robots.txt for {place} cannot be had"
    return FetchError(FetchReason.ROBOTS, said, transient=not refused)


def _visit(deps: IntakeDeps, url: str) -> PageAnswer:
    place = deps.hosts.enter(url)
    if isinstance(place, Busy) and place.wait <= _LONGEST_NAP and not place.resting:
        deps.sleep(place.wait)
        place = deps.hosts.enter(url)
    if isinstance(place, Busy) and place.resting:
        return _asked_for_rest(url, place)
    if isinstance(place, Busy):
        return HostBusy(place.turn)
    started = deps.now()
    try:
        answer = deps.fetcher.fetch(url, accept=ACCEPT_PAGE)
    finally:
        deps.hosts.leave(place, deps.now() - started)
    if isinstance(answer, NotModified):
        return FetchError(FetchReason.MALFORMED, f"{shown(url)} answered 304 to a plain request", transient=True)
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind not in _READABLE:
        return FetchError(FetchReason.WRONG_TYPE, f"{shown(url)} is {kind:.60}, not a page", transient=False)
    return answer


def _let_rest(deps: IntakeDeps, url: str, error: FetchError) -> None:
    if error.retry_after is not None:
        deps.hosts.rest(url, error.retry_after)


def keep_document(session: Session, found: FetchedResource, *, now: datetime, **owner: int) -> int:
    """Keep what was fetched for a feed (`feed_id`) or an article (`article_id`); return the document's id."""
    links = [(link.rel, link.url) for link in found.links]
    return save_document(
        session, url=found.url, content_type=found.content_type, body=found.body, links=links, now=now, **owner
    )
