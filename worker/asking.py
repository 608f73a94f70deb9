"""Asking other people's servers: the answer, good or bad, comes back as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from worker.deps import Deps
from worker.errors import FetchError, FetchReason
from worker.net import ACCEPT_FEED, ACCEPT_PAGE, Busy, FetchedResource, Lease, NotModified, Permission, Validators
from worker.storage.articles import ArticleRecord
from worker.storage.feeds import FeedRecord

_READABLE = ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")
_LONGEST_NAP = timedelta(seconds=0.5)  # longer would let one busy host put the whole pool to sleep
_FORGETFUL = 0.98  # jitter is even in [-1, 1]: one poll in a hundred ignores the validators, as servers lie


@dataclass(frozen=True, slots=True)
class HostBusy:
    """The host is visited enough just now: our turn comes after `wait`."""

    wait: timedelta


FeedAnswer = FetchedResource | NotModified | FetchError
PageAnswer = FetchedResource | FetchError | HostBusy


def ask_feed(deps: Deps, feed: FeedRecord) -> FeedAnswer:
    """Fetch a feed. Its owner published it to be polled: only a host at rest is left alone."""
    place = deps.hosts.enter(feed.url)
    if isinstance(place, Busy) and place.resting:
        return FetchError(FetchReason.THROTTLED, f"{feed.url} asked for quiet", transient=True, retry_after=place.wait)
    trusting = deps.jitter() < _FORGETFUL
    known = Validators(feed.etag, feed.last_modified) if trusting else Validators()
    started = deps.now()
    try:
        return deps.fetcher.fetch(feed.url, known, accept=ACCEPT_FEED)
    except FetchError as error:
        _let_rest(deps, feed.url, error)
        return error
    finally:
        if isinstance(place, Lease):
            deps.hosts.leave(place, deps.now() - started)


def ask_page(deps: Deps, article: ArticleRecord) -> PageAnswer:
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
    said = f"robots.txt asks us to leave {url} alone" if refused else f"the robots.txt for {url} cannot be had"
    return FetchError(FetchReason.ROBOTS, said, transient=not refused)


def _visit(deps: Deps, url: str) -> PageAnswer:
    place = deps.hosts.enter(url)
    if isinstance(place, Busy) and place.wait <= _LONGEST_NAP and not place.resting:
        deps.sleep(place.wait)
        place = deps.hosts.enter(url)
    if isinstance(place, Busy) and place.resting:
        said = f"the host of {url} asked to be left alone for {place.wait.total_seconds():.0f} s"
        return FetchError(FetchReason.THROTTLED, said, transient=True, retry_after=place.wait)
    if isinstance(place, Busy):
        return HostBusy(place.turn)
    started = deps.now()
    try:
        answer = deps.fetcher.fetch(url, accept=ACCEPT_PAGE)
    finally:
        deps.hosts.leave(place, deps.now() - started)
    if isinstance(answer, NotModified):
        return FetchError(FetchReason.MALFORMED, f"{url} answered 304 to a plain request", transient=True)
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind not in _READABLE:
        return FetchError(FetchReason.WRONG_TYPE, f"{url} is {kind:.60}, not a page", transient=False)
    return answer


def _let_rest(deps: Deps, url: str, error: FetchError) -> None:
    if error.retry_after is not None:
        deps.hosts.rest(url, error.retry_after)
