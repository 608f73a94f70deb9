"""When to poll next: never sooner than asked, never later than a day, never sooner for having failed more."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from worker.feeds import PollBounds, PollHints, PollHistory, PollOutcome, is_belied, next_poll_at

DAY = timedelta(hours=24)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
waits = st.none() | st.timedeltas(timedelta(0), timedelta(days=400))
hints = st.builds(
    PollHints,
    ttl=waits,
    update_every=waits,
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)
histories = st.builds(
    PollHistory,
    entry_times=st.lists(moments, max_size=50).map(lambda times: tuple(sorted(times, reverse=True))),
    failures=st.integers(0, 10_000),
    hints=hints,
    first_polled=st.none() | moments,
)
outcomes = st.builds(PollOutcome, kind=st.sampled_from(["new", "unchanged", "failed"]), asked=waits, max_age=waits)
jitters = st.floats(-1, 1)


@given(histories, outcomes, moments, jitters)
def test_within_five_minutes_and_a_day(
    history: PollHistory, outcome: PollOutcome, now: datetime, jitter: float
) -> None:
    due = next_poll_at(history, outcome, now=now, jitter=jitter)
    assert timedelta(minutes=5) <= due - now <= DAY


@given(histories, outcomes, moments, jitters)
def test_never_sooner_than_asked(history: PollHistory, outcome: PollOutcome, now: datetime, jitter: float) -> None:
    due = next_poll_at(history, outcome, now=now, jitter=jitter)
    fresh = outcome.max_age or timedelta(0)
    believed = timedelta(hours=1) if is_belied(fresh, history.expected_gap(now)) else fresh
    stated = (history.hints.ttl, history.hints.update_every, believed)
    asked = (outcome.asked,) if outcome.kind == "failed" else stated
    assert all(due - now >= min(asked, DAY) for asked in asked if asked is not None)
    skipped = due.hour in history.hints.skip_hours or due.weekday() in history.hints.skip_days
    assert not skipped or due - now == DAY


@given(histories, moments, jitters, st.integers(0, 50), st.integers(0, 50))
def test_more_failures_never_mean_sooner(
    history: PollHistory, now: datetime, jitter: float, failures: int, more: int
) -> None:
    def due(count: int) -> datetime:
        failed = PollHistory(history.entry_times, count, history.hints)
        return next_poll_at(failed, PollOutcome("failed"), now=now, jitter=jitter)

    assert due(failures) <= due(failures + more)


@given(histories, outcomes, moments, jitters)
def test_the_same_facts_give_the_same_time(
    history: PollHistory, outcome: PollOutcome, now: datetime, jitter: float
) -> None:
    due: Any = next_poll_at(history, outcome, now=now, jitter=jitter)
    assert due == next_poll_at(history, outcome, now=now, jitter=jitter)
    assert due.tzinfo is not None


@given(histories, outcomes, moments, jitters, st.integers(1, 10_080), st.integers(1, 10_080))
def test_the_owners_bounds_hold_whatever_feed_and_server_say(
    history: PollHistory, outcome: PollOutcome, now: datetime, jitter: float, one: int, other: int
) -> None:
    bounds = PollBounds(timedelta(minutes=min(one, other)), timedelta(minutes=max(one, other)))
    wait = next_poll_at(history, outcome, now=now, jitter=jitter, bounds=bounds) - now
    longest = DAY if outcome.kind == "failed" else bounds.longest
    assert min(bounds.shortest, longest) <= wait <= longest
