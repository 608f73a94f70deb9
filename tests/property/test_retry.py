"""When to try again: monotone, never sooner than asked, and given up after exactly so many tries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.retry import RetryPolicy

policies = st.builds(
    RetryPolicy,
    attempts=st.integers(1, 100),
    first=st.timedeltas(timedelta(seconds=1), timedelta(hours=1)),
    longest=st.timedeltas(timedelta(hours=1), timedelta(days=1)),
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
jitters = st.floats(-1, 1)
asked_for = st.none() | st.timedeltas(timedelta(0), timedelta(days=1))
attempts = st.integers(0, 120)


@given(policies, attempts, moments, jitters, asked_for)
def test_given_up_after_exactly_so_many_tries(
    policy: RetryPolicy, tries: int, now: datetime, jitter: float, asked: timedelta | None
) -> None:
    again = policy.next_try(tries, now=now, jitter=jitter, asked=asked)
    assert (again is None) == (tries >= policy.attempts)


@given(policies, attempts, moments, jitters, asked_for)
def test_neither_sooner_than_asked_nor_later_than_wanted(
    policy: RetryPolicy, tries: int, now: datetime, jitter: float, asked: timedelta | None
) -> None:
    again = policy.next_try(tries, now=now, jitter=jitter, asked=asked)
    if again is not None:
        wait, asked = again - now, asked or timedelta()
        assert wait >= max(asked, policy.first * 0.9 - timedelta(microseconds=1))
        assert wait <= max(asked, policy.longest * 1.1 + timedelta(microseconds=1))


@given(policies, attempts, attempts, moments, jitters, asked_for)
def test_a_further_try_never_waits_less(
    policy: RetryPolicy, some: int, more: int, now: datetime, jitter: float, asked: timedelta | None
) -> None:
    first = policy.next_try(min(some, more), now=now, jitter=jitter, asked=asked)
    second = policy.next_try(max(some, more), now=now, jitter=jitter, asked=asked)
    assert second is None or (first is not None and first <= second)
