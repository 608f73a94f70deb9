"""Visits to other people's hosts: in the host's turn, at the distance it asks for, and where its robots.txt lets us."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from worker.errors import FetchError, FetchReason
from worker.net import (
    Busy,
    FetchedResource,
    HostGate,
    Lease,
    Manners,
    NotModified,
    Permission,
    Validators,
    shown,
)
from worker.retry import LONGEST_DELAY
from worker.setup.intake_deps import IntakeDeps
from worker.storage.feeds import crawl_delays

_LONGEST_NAP = timedelta(seconds=0.5)  # longer would let one busy host put the whole pool to sleep
_ASKED_BY_ANOTHER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class HostBusy:
    """The host is visited enough just now: our turn comes after `wait`."""

    wait: timedelta


Visited = FetchedResource | NotModified | FetchError | HostBusy
"""What came of a visit: a document, that it has not changed, why it was not had, or that it is not our turn yet."""


def visit(deps: IntakeDeps, url: str, *, accept: str, validators: Validators | None = None) -> Visited:
    """Fetch what stands under the rules of robots.txt (a page, a sitemap), in the host's turn; no fault is raised.

    Where the answer is HostBusy, nothing was asked of the host but its robots.txt at most: come back after `wait`.
    """
    known = deps.robots.known(url)
    if known is not None and known.permission is not Permission.GRANTED:
        return kept_out(url, known.permission)
    place = _enter(deps, url)
    if isinstance(place, Busy):
        return not_now(url, place)
    took: timedelta | None = None
    try:
        manners = ask_manners(deps, deps.hosts, url, place)
        if isinstance(manners, HostBusy):
            return manners
        if manners.permission is not Permission.GRANTED:
            return kept_out(url, manners.permission)
        started = deps.now()
        try:
            return deps.fetcher.fetch(url, validators, accept=accept)
        finally:
            took = deps.now() - started
    except FetchError as error:
        let_rest(deps, url, error)
        return error
    finally:
        deps.hosts.leave(place, took)


def ask_manners(deps: IntakeDeps, gate: HostGate, url: str, place: Lease) -> Manners | HostBusy:
    """Return what the host asks of robots, whose robots.txt is fetched where that is due, in this very turn.

    Where it was, that was a visit: a host with a Crawl-delay is left again for so long.
    """
    manners = deps.robots.ask(url)
    if manners is None:
        return HostBusy(_ASKED_BY_ANOTHER)
    if manners.asked or place.delay is None:
        gate.learn(url, manners.delay, manners.keep)
        _remember_delay(deps, url, manners.delay)
        if manners.delay:
            return HostBusy(min(manners.delay, LONGEST_DELAY))
    return manners


def not_now(url: str, place: Busy) -> FetchError | HostBusy:
    """What it means not to be let in: a host that asked for quiet counts as one that refuses us for so long."""
    if not place.resting:
        return HostBusy(place.turn)
    minutes = math.ceil(place.wait / timedelta(minutes=1))
    said = f"the host asked to be left alone, for {minutes} more minute{'s' if minutes > 1 else ''}"
    return FetchError(FetchReason.THROTTLED, said, url=shown(url), transient=True, retry_after=place.wait)


def let_rest(deps: IntakeDeps, url: str, error: FetchError) -> None:
    """Leave the host alone for as long as it asked for."""
    if error.retry_after is not None:
        deps.hosts.rest(url, error.retry_after)


def _enter(deps: IntakeDeps, url: str) -> Lease | Busy:
    place = deps.hosts.enter(url)
    if isinstance(place, Busy) and place.wait <= _LONGEST_NAP and not place.resting:
        deps.sleep(place.wait)
        place = deps.hosts.enter(url)
    return place


def kept_out(url: str, permission: Permission) -> FetchError:
    """Return why a page is not asked for: its robots.txt keeps it from us, or may do so."""
    refused = permission is Permission.REFUSED
    said = "robots.txt asks us to leave it alone" if refused else "the host's robots.txt cannot be had"
    return FetchError(FetchReason.ROBOTS, said, url=shown(url), transient=not refused)


def _remember_delay(deps: IntakeDeps, url: str, delay: timedelta) -> None:
    """So that the list of feeds can say it; a look first, as it hardly ever changes."""
    with deps.reading() as session:
        changed = crawl_delays.is_news(session, url, delay)
    if changed:
        with deps.transaction() as session:
            crawl_delays.save_delay(session, url, delay)
