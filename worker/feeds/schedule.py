"""When to poll a feed next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from worker.feeds.entry import PollHints
from worker.feeds.hubs import HUB_INTERVAL
from worker.feeds.rhythm import Pace, pace_of

SHORTEST_INTERVAL = timedelta(minutes=5)
LONGEST_INTERVAL = timedelta(hours=24)
FIRST_RETRY = timedelta(minutes=5)

# Five polls for each expected entry: thrifty for the many quiet feeds, and soon enough for the busy ones
# (`benchmarks/feeds/polling.py` prints what a simulated week costs, and how late entries are seen).
_POLLS_PER_ENTRY = 5
_JITTER = 0.1
_HOUR = timedelta(hours=1)
# A server that calls its answer fresh for as long as twenty entries take, more than many a feed lists, is not speaking
# of this feed: that is a common setting ("static files: a month"), and an hour has to do.
_BELIED_BY = 20


@dataclass(frozen=True, slots=True)
class PollBounds:
    """The shortest and the longest time between two polls, as the owner wants them."""

    shortest: timedelta = SHORTEST_INTERVAL
    longest: timedelta = LONGEST_INTERVAL

    def of_feed(self, shortest: timedelta | None, longest: timedelta | None) -> PollBounds:
        """Return those of a feed for which the owner wants others, where they are not None."""
        if shortest is None and longest is None:
            return self
        least, most = shortest or self.shortest, longest or self.longest
        return PollBounds(least if shortest else min(least, most), most if longest else max(least, most))


USUAL_BOUNDS = PollBounds()


@dataclass(frozen=True, slots=True)
class PollHistory:
    """What is known of a feed: its last entries' times (up to 50), failed polls in a row, its own hints.

    `failures` counts the polls that failed before the one whose outcome is at hand; `first_polled` lets a
    feed that never had an entry be polled less and less. `pace`, where it is known, stands for the times;
    `fresh_for` is what its server last stated as the freshness of its answers. Until `told_until` a hub tells of news.
    """

    entry_times: tuple[datetime, ...] = ()
    failures: int = 0
    hints: PollHints = field(default_factory=PollHints)
    first_polled: datetime | None = None
    pace: Pace | None = None
    fresh_for: timedelta | None = None
    told_until: datetime | None = None

    def expected_gap(self, now: datetime) -> timedelta:
        """Return the time expected between new entries, at `now`."""
        pace = self.pace or pace_of(self.entry_times, now)
        return pace.expected_gap(now, known_since=self.first_polled)


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What a poll brought, how long the host `asked` us to stay away, and how long it calls its answer fresh."""

    kind: Literal["new", "unchanged", "failed"]
    asked: timedelta | None = None
    max_age: timedelta | None = None


def next_poll_at(
    history: PollHistory, outcome: PollOutcome, *, now: datetime, jitter: float, bounds: PollBounds = USUAL_BOUNDS
) -> datetime:
    """Decide when a feed is due again.

    A fifth of the expected time between new entries, at least an hour where a hub tells of them, within `bounds`, and
    never sooner than the feed and its host ask, as far as they ask for no more than the longest interval and are not
    belied (`is_belied`). After a failure five minutes, doubled with every further one, up to 24 hours; never sooner
    than the host asks then (Retry-After). `jitter` in [-1, 1] shifts the interval by up to a tenth; beyond that it is
    an error (ValueError), as is a naive `now`.
    """
    if not -1 <= jitter <= 1 or now.tzinfo is None:
        raise ValueError(f"jitter must lie in [-1, 1] and now be aware, not {jitter} and {now.isoformat()}")
    now = now.astimezone(UTC)
    if outcome.kind == "failed":
        due, least, longest = _retry_interval(history.failures), outcome.asked, LONGEST_INTERVAL
    else:
        gap = history.expected_gap(now)
        told = history.told_until is not None and now < history.told_until
        due = max(gap / _POLLS_PER_ENTRY, HUB_INTERVAL if told else timedelta())
        least, longest = _stated_interval(history.hints, outcome, gap), bounds.longest
    interval = max(min(due, longest) * (1 + _JITTER * jitter), bounds.shortest, least or timedelta(0))
    latest = now + longest
    return min(_next_open(now + min(interval, longest), history.hints, latest), latest)


def is_belied(fresh_for: timedelta, gap: timedelta) -> bool:
    """Whether a server calls its answer fresh for so long that twenty new entries are to be expected meanwhile."""
    return fresh_for > max(_BELIED_BY * gap, _HOUR)


def _retry_interval(failures: int) -> timedelta:
    # The ninth doubling passes 24 hours; more would only overflow.
    return min(FIRST_RETRY * (1 << min(max(failures, 0), 9)), LONGEST_INTERVAL)


def _stated_interval(hints: PollHints, outcome: PollOutcome, gap: timedelta) -> timedelta:
    fresh = outcome.max_age or timedelta(0)
    stated = (hints.ttl, hints.update_every, _HOUR if is_belied(fresh, gap) else fresh)
    return max((wait for wait in stated if wait is not None), default=timedelta(0))


def _next_open(moment: datetime, hints: PollHints, latest: datetime) -> datetime:
    """Return the first moment from here on outside the skipped hours and days, at most `latest`."""
    while moment < latest and (moment.hour in hints.skip_hours or moment.weekday() in hints.skip_days):
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
    return moment
