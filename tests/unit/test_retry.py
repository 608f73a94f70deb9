"""What the policies promise in their own words, and the edges of `next_try`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from worker.retry import MAIL_RETRIES, PAGE_RETRIES, READ_RETRIES, UNKNOWN_RETRY, RetryPolicy

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
POLICY = RetryPolicy(attempts=5, first=MINUTE, longest=5 * MINUTE)


def span(policy: RetryPolicy) -> timedelta:
    """How long it takes from the first try to the last."""
    now = NOW
    for attempts in range(1, policy.attempts):
        after = policy.next_try(attempts, now=now)
        assert after is not None
        now = after
    assert policy.next_try(policy.attempts, now=now) is None
    return now - NOW


def test_the_wait_doubles_up_to_the_longest() -> None:
    waits = [POLICY.next_try(attempts, now=NOW) for attempts in (1, 2, 3, 4)]
    assert waits == [NOW + minutes * MINUTE for minutes in (1, 2, 4, 5)]


def test_a_row_that_was_never_claimed_waits_as_after_one_try() -> None:
    assert POLICY.next_try(0, now=NOW) == POLICY.next_try(1, now=NOW)


@pytest.mark.parametrize(("jitter", "seconds"), [(-1, 54), (0, 60), (1, 66)])
def test_jitter_moves_the_wait_by_up_to_a_tenth(jitter: float, seconds: int) -> None:
    assert POLICY.next_try(1, now=NOW, jitter=jitter) == NOW + timedelta(seconds=seconds)


def test_what_the_other_side_asks_for_counts_where_it_is_longer() -> None:
    assert POLICY.next_try(1, now=NOW, asked=HOUR) == NOW + HOUR
    assert POLICY.next_try(1, now=NOW, jitter=-1, asked=MINUTE) == NOW + MINUTE
    assert POLICY.next_try(1, now=NOW, asked=timedelta(seconds=1)) == NOW + MINUTE


def test_asking_for_patience_buys_no_further_try() -> None:
    assert POLICY.next_try(5, now=NOW, asked=HOUR) is None


@pytest.mark.parametrize(
    ("policy", "least", "most"),
    [
        (PAGE_RETRIES, timedelta(minutes=80), timedelta(minutes=100)),
        (MAIL_RETRIES, timedelta(hours=23), timedelta(hours=26)),
        (READ_RETRIES, timedelta(seconds=1), timedelta(minutes=2)),
        (UNKNOWN_RETRY, 10 * MINUTE, 10 * MINUTE),
    ],
)
def test_a_policy_lasts_as_long_as_it_says(policy: RetryPolicy, least: timedelta, most: timedelta) -> None:
    assert least <= span(policy) <= most


def test_the_tries_are_those_the_documents_name() -> None:
    assert (PAGE_RETRIES.attempts, READ_RETRIES.attempts, UNKNOWN_RETRY.attempts) == (6, 3, 2)
