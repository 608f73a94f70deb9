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
FIRST_RETRY = timedelta(minutes=10)

# Five polls for each expected entry: thrifty for the many quiet feeds, and soon enough for the busy ones
# (`benchmarks/feeds/polling.py` prints what a simulated week costs, and how late entries are seen).
_POLLS_PER_ENTRY = 5
_JITTER = 0.1
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PollHistory:
    """What is known of a feed: its last entries' times (up to 50), failed polls in a row, its own hints.

    `failures` counts the polls that failed before the one whose outcome is at hand; `first_polled` lets a
    feed that never had an entry be polled less and less. `pace`, where it is known, stands for the times. Until
    `told_until` a hub tells of what is new.
    """

    entry_times: tuple[datetime, ...] = ()
    failures: int = 0
    hints: PollHints = field(default_factory=PollHints)
    first_polled: datetime | None = None
    pace: Pace | None = None
    told_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What a poll brought, how long the host `asked` us to stay away, and how long it calls its answer fresh."""

    kind: Literal["new", "unchanged", "failed"]
    asked: timedelta | None = None
    max_age: timedelta | None = None


def next_poll_at(history: PollHistory, outcome: PollOutcome, *, now: datetime, jitter: float) -> datetime:
    """Decide when a feed is due again.

    A fifth of the expected time between new entries, from 5 minutes to 24 hours, and at least an hour where a hub
    tells of them; after a failure ten
    minutes, doubled with every further one. Never sooner than the feed and its host ask, as far as they ask
    for no more than 24 hours, and never later than 24 hours from `now`. `jitter` in [-1, 1] shifts the
    interval by up to a tenth; beyond that it is an error (ValueError), as is a naive `now`.
    """
    if not -1 <= jitter <= 1 or now.tzinfo is None:
        raise ValueError(f"jitter must lie in [-1, 1] and now be aware, not {jitter} and {now.isoformat()}")
    now = now.astimezone(UTC)
    due = _retry_interval(history.failures) if outcome.kind == "failed" else _interval(history, now)
    interval = max(due * (1 + _JITTER * jitter), SHORTEST_INTERVAL, _shortest_allowed(history.hints, outcome))
    latest = now + LONGEST_INTERVAL
    return min(_next_open(now + min(interval, LONGEST_INTERVAL), history.hints, latest), latest)


def _interval(history: PollHistory, now: datetime) -> timedelta:
    pace = history.pace or pace_of(history.entry_times, now)
    gap = pace.expected_gap(now, known_since=history.first_polled)
    told = history.told_until is not None and now < history.told_until
    return min(max(gap / _POLLS_PER_ENTRY, HUB_INTERVAL if told else timedelta()), LONGEST_INTERVAL)


def _retry_interval(failures: int) -> timedelta:
    # The eighth doubling passes 24 hours; more would only overflow.
    return min(FIRST_RETRY * (1 << min(max(failures, 0), 8)), LONGEST_INTERVAL)


def _shortest_allowed(hints: PollHints, outcome: PollOutcome) -> timedelta:
    stated = (hints.ttl, hints.update_every, outcome.max_age, outcome.asked)
    return max((wait for wait in stated if wait is not None), default=timedelta(0))


def _next_open(moment: datetime, hints: PollHints, latest: datetime) -> datetime:
    """Return the first moment from here on outside the skipped hours and days, at most `latest`."""
    while moment < latest and (moment.hour in hints.skip_hours or moment.weekday() in hints.skip_days):
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
    return moment
