"""What an owner wants of a watched feed: `storywatch feeds poll`, `pause`, `resume`, `set`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, answer
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import datetime

    from worker.setup.deps import Deps
    from worker.storage.db.session import Session
    from worker.storage.feeds.feed_rows import FeedRecord

_MINUTE = timedelta(minutes=1)
_LONGEST = timedelta(days=7)

FeedArgument = Annotated[str, typer.Argument(metavar="URL", help="The feed's address.")]


def the_feed(session: Session, written: str) -> FeedRecord:
    """Return the watched feed with that address. Raises `ConfigurationError`."""
    from worker import feeds
    from worker.storage.feeds.feed_rows import watched_feed

    found = watched_feed(session, (written, *feeds.meant_addresses(written)))
    if found is None:
        raise ConfigurationError(f"{written} is not watched: see 'storywatch feeds list'")
    return found


def poll(
    url: Annotated[str, typer.Argument(metavar="[URL]", help="The feed's address; all feeds without one.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Ask a feed for what is new now, or all of them, whatever their next poll is; hosts keep their distance."""
    from worker.storage.feeds.owner_wishes import poll_now

    deps = open_installation()
    now = deps.now()
    with deps.transaction() as session:
        feed = the_feed(session, url) if url else None
        if feed is not None and feed.facts.paused:
            raise ConfigurationError(f"{feed.url} is paused: 'storywatch feeds resume {feed.url}' first")
        due = poll_now(session, feed.id if feed else None, now=now)
    counted = f"{due} feed{'s are' if due != 1 else ' is'} due now"
    answer({"due": due, "url": feed.url if feed else None}, f"{counted}: {_when(deps, now)}", as_json=as_json)


def pause(url: FeedArgument, as_json: JsonOption = False) -> None:
    """Ask a feed no more until it is resumed; it stays in the list."""
    from worker.storage.feeds.owner_wishes import pause_feed

    deps = open_installation()
    with deps.transaction() as session:
        feed = the_feed(session, url)
        pause_feed(session, feed.id)
    answer({"url": feed.url, "paused": True}, f"Paused: {feed.url}", as_json=as_json)


def resume(url: FeedArgument, as_json: JsonOption = False) -> None:
    """Take up a paused feed again."""
    from worker.storage.feeds.owner_wishes import resume_feed

    deps = open_installation()
    with deps.transaction() as session:
        feed = the_feed(session, url)
        resume_feed(session, feed.id, now=deps.now())
    line = f"Resumed: {feed.url}" if feed.facts.paused else f"Was not paused: {feed.url}"
    answer({"url": feed.url, "paused": False}, line, as_json=as_json)


def set_intervals(
    url: FeedArgument,
    shortest: Annotated[
        float | None, typer.Option(metavar="MINUTES", help="The shortest time between two polls; 0 as in general.")
    ] = None,
    longest: Annotated[
        float | None,
        typer.Option(metavar="MINUTES", help="The longest, whatever feed and server say; 0 as in general."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say how often a feed is polled at most and at least; without options, show it."""
    from worker.storage.feeds.owner_wishes import set_bounds

    deps = open_installation()
    with deps.transaction() as session:
        feed = the_feed(session, url)
        least = _wished("shortest", shortest, feed.facts.shortest)
        most = _wished("longest", longest, feed.facts.longest)
        if least and most and least > most:
            raise ConfigurationError(
                f"--shortest is {least / _MINUTE:g} minutes: it must be no more than the longest, {most / _MINUTE:g}"
            )
        if (shortest, longest) != (None, None):
            set_bounds(session, feed.id, shortest=least, longest=most, now=deps.now())
    bounds = deps.poll_bounds.of_feed(least, most)
    said = f"at least {bounds.shortest / _MINUTE:g} and at most {bounds.longest / _MINUTE:g} minutes between polls"
    value = {"url": feed.url, "shortest_minutes": _minutes(least), "longest_minutes": _minutes(most)}
    answer(value, f"{feed.url}: {said}", as_json=as_json)


def _wished(name: str, minutes: float | None, known: timedelta | None) -> timedelta | None:
    if minutes is None:
        return known
    if minutes != 0 and not _MINUTE <= timedelta(minutes=minutes) <= _LONGEST:
        raise ConfigurationError(f"--{name} is {minutes:g} minutes: it must be 1 to {_LONGEST / _MINUTE:g}, or 0")
    return timedelta(minutes=minutes) or None


def _minutes(wish: timedelta | None) -> float | None:
    return None if wish is None else wish / _MINUTE


def _when(deps: Deps, now: datetime) -> str:
    from worker.storage.db.ticks import last_tick

    with deps.reading() as session:
        ticked = last_tick(session, "feeds")
    if "feeds" in deps.settings.clock.late_jobs({"feeds": ticked} if ticked else {}, now=now):
        return "the service is not running, and asks when 'storywatch run' is"
    return f"the service looks every {deps.settings.clock.feeds_seconds:g} seconds"
