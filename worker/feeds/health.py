"""What a person should know of a feed: one state, one line of reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from worker.errors import FetchReason
from worker.feeds.rhythm import expected_gap, longest_gap, publication_times

# One failed poll is weather; three in a row are a state.
FAILURES_THAT_COUNT = 3
# Trouble this old does not mend itself, and is worth a line in a digest.
PERSISTENT = timedelta(days=3)

_SHORTEST_SILENCE = timedelta(days=3)
_SILENT_GAPS = 6
_SILENCE_BEYOND_LONGEST = 2
_SILENCE_WITHOUT_RHYTHM = timedelta(days=30)
_REFUSALS = {FetchReason.BLOCKED, FetchReason.ROBOTS, FetchReason.THROTTLED}


class FeedState(StrEnum):
    """How a feed fares; the worst that is true of it."""

    PAUSED = "paused"  # by its owner
    NEW = "new"  # not yet polled with success, nor failed often enough
    HEALTHY = "healthy"
    SILENT = "silent"  # polls succeed, and bring nothing new for far longer than its rhythm
    FAILING = "failing"
    BLOCKED = "blocked"  # the host answers, and refuses us
    MOVED = "moved"
    GONE = "gone"
    TRUNCATED = "truncated"  # entries are missing from what it sends, or its pages give less than they did


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What the database knows of a feed; `last_error_reason` is a FetchReason or a DocumentError code.

    `moved_onto_another` says that the address it has moved to is watched as a feed of its own. `crawl_delay` is what
    its host asks for between two visits, `fresh_for` what its server says of its answers, `shortest` and `longest` what
    the owner wants between two polls.
    """

    first_polled: datetime | None = None
    last_success: datetime | None = None
    last_new_entry: datetime | None = None
    entry_times: tuple[datetime, ...] = ()
    failures: int = 0
    last_error_reason: str = ""
    last_error_text: str = ""
    moved_to: str | None = None
    moved_onto_another: bool = False
    gone: bool = False
    truncated: bool = False
    decay: str = ""
    decayed_since: datetime | None = None
    crawl_delay: timedelta = timedelta()
    fresh_for: timedelta | None = None
    paused: bool = False
    shortest: timedelta | None = None
    longest: timedelta | None = None


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed's state and its reason in a line; `persistent` trouble belongs into the digest's footer."""

    state: FeedState
    reason: str
    persistent: bool = False

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be done about the feed; one that has moved is read at its new address."""
        return self.is_ordinary or self.state is FeedState.MOVED

    @property
    def is_ordinary(self) -> bool:
        """Whether there is nothing to say of the feed."""
        return self.state in (FeedState.HEALTHY, FeedState.NEW, FeedState.PAUSED)


def assess(facts: FeedFacts, *, now: datetime) -> FeedHealth:
    """Judge a feed. The order of weight: paused, gone, blocked or failing, moved, truncated, new, silent, healthy."""
    if facts.paused:
        return FeedHealth(FeedState.PAUSED, "not asked until it is resumed")
    if facts.gone:
        return FeedHealth(FeedState.GONE, "its host says it is gone for good (410)", persistent=True)
    if facts.failures >= FAILURES_THAT_COUNT:
        return _in_trouble(facts, now)
    if facts.moved_to:
        twice = ", which is watched too: remove one of the two" if facts.moved_onto_another else ""
        return FeedHealth(FeedState.MOVED, f"it has moved to {facts.moved_to}{twice}")
    if facts.truncated:
        return FeedHealth(FeedState.TRUNCATED, "its document ends early or is too long: entries are missing")
    if facts.decay:
        return _decayed(facts, now)
    if facts.last_success is None:
        return FeedHealth(FeedState.NEW, _unpolled_reason(facts))
    return _by_rhythm(facts, now)


def describe_rhythm(entry_times: tuple[datetime, ...], now: datetime) -> str:
    """Say a feed's usual rhythm in words, such as "about 12 entries a day"; counts each entry."""
    times = sorted(moment for moment in entry_times if moment <= now)
    if len(times) < 2 or len(publication_times(times, now)) < 2:
        return "no rhythm known yet"
    a_day = (len(times) - 1) / ((times[-1] - times[0]) / timedelta(days=1))
    for rate, unit in ((a_day, "day"), (a_day * 7, "week"), (a_day * 30, "month")):
        if round(rate) >= 2:
            return f"about {round(rate)} entries a {unit}"
    return f"about one entry in {round(1 / a_day)} days"


def _in_trouble(facts: FeedFacts, now: datetime) -> FeedHealth:
    state = FeedState.BLOCKED if facts.last_error_reason in _REFUSALS else FeedState.FAILING
    since = facts.last_success or facts.first_polled
    cause = facts.last_error_text or facts.last_error_reason or "no reason recorded"
    lasting = f", for {span_of(now - since)}" if since else ""
    reason = f"{facts.failures} polls in a row failed{lasting}: {' '.join(cause.split())}"
    return FeedHealth(state, reason, persistent=since is not None and now - since >= PERSISTENT)


def _decayed(facts: FeedFacts, now: datetime) -> FeedHealth:
    since = facts.decayed_since or now
    reason = f"for {span_of(now - since)}, {facts.decay}: a redesign or a wall?"
    return FeedHealth(FeedState.TRUNCATED, reason, persistent=now - since >= PERSISTENT)


def _unpolled_reason(facts: FeedFacts) -> str:
    return f"its first poll failed: {facts.last_error_text}" if facts.failures else "not polled yet"


def _by_rhythm(facts: FeedFacts, now: datetime) -> FeedHealth:
    times = publication_times(facts.entry_times, now)
    last = max((moment for moment in (facts.last_new_entry, *times[:1]) if moment), default=facts.first_polled)
    silence = now - last if last else timedelta(0)
    rhythm = describe_rhythm(facts.entry_times, now)
    if silence > _bearable_silence(times):
        reason = f"nothing new for {span_of(silence)} ({rhythm} before)"
        return FeedHealth(FeedState.SILENT, reason, persistent=True)
    remark = f"; the last poll failed: {' '.join(facts.last_error_text.split())}" if facts.failures else ""
    return FeedHealth(FeedState.HEALTHY, rhythm + remark)


def _bearable_silence(times: tuple[datetime, ...]) -> timedelta:
    """Return how long a feed may bring nothing before it counts as silent, judged by its own gaps."""
    longest = longest_gap(times, times[0]) if times else None
    if longest is None:
        return _SILENCE_WITHOUT_RHYTHM
    usual = expected_gap(times, times[0])
    return max(_SHORTEST_SILENCE, _SILENT_GAPS * usual, _SILENCE_BEYOND_LONGEST * longest)


def span_of(length: timedelta) -> str:
    """Say a length of time in words, in its largest unit."""
    for unit, name in (
        (timedelta(days=1), "day"),
        (timedelta(hours=1), "hour"),
        (timedelta(minutes=1), "minute"),
    ):
        if length >= unit:
            return f"{length // unit} {name}{'s' if length // unit != 1 else ''}"
    return "less than a minute"
