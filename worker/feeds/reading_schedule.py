"""When to poll next, now that a document of the feed has been read or could not be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from worker.feeds.dates import within_reason
from worker.feeds.entry import ParsedFeed
from worker.feeds.schedule import USUAL_BOUNDS, PollBounds, PollHistory, PollOutcome, is_belied, next_poll_at

_REMEMBERED_TIMES = 50


def next_poll_after_reading(
    history: PollHistory,
    parsed: ParsedFeed,
    *,
    planned: datetime,
    any_new: bool,
    now: datetime,
    jitter: float,
    bounds: PollBounds = USUAL_BOUNDS,
) -> datetime:
    """Return when to poll next, now that the document's own hints and dates are known.

    Not before `planned`, unless its entries belie the freshness by which that was planned.
    """
    known = PollHistory(
        entry_times=tuple(merged_times(history.entry_times, parsed, now, any_new=any_new)),
        failures=0,
        hints=parsed.hints,
        first_polled=history.first_polled,
        told_until=history.told_until,
    )
    outcome = PollOutcome("new" if any_new else "unchanged", max_age=history.fresh_for)
    due = next_poll_at(known, outcome, now=now, jitter=jitter, bounds=bounds)
    belied = history.fresh_for is not None and is_belied(history.fresh_for, known.expected_gap(now))
    return due if belied else max(planned, due)


def next_poll_of_unreadable(
    history: PollHistory, *, now: datetime, jitter: float, bounds: PollBounds = USUAL_BOUNDS
) -> datetime:
    """Return when to poll next, now that what the feed serves could not be read: soon, as after a failed poll.

    What the server said of that answer's freshness is of no account, since it is no feed.
    """
    return next_poll_at(history, PollOutcome("failed"), now=now, jitter=jitter, bounds=bounds)


def merged_times(
    known: Sequence[datetime], parsed: ParsedFeed, now: datetime, *, any_new: bool = False
) -> list[datetime]:
    """Return when entries appeared, newest first: what was known and what the document adds, the last fifty.

    What is new in a document without any date appeared now.
    """
    stated = {within_reason(entry.published) for entry in parsed.entries if entry.published} | set(parsed.times)
    said = {moment for moment in stated if moment and moment <= now} or ({now} if any_new and not stated else set())
    return sorted(said | set(known), reverse=True)[:_REMEMBERED_TIMES]
