"""What follows when a page could not be had."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.unit.records import article
from worker.errors import FetchError, FetchReason
from worker.intake.page_retries import next_page_try
from worker.retry import PAGE_RETRIES

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def fault(reason: FetchReason, *, transient: bool = True, **more: object) -> FetchError:
    return FetchError(reason, "it could not be had", transient=transient, **more)  # type: ignore[arg-type]


def test_a_page_that_will_never_come_is_not_asked_for_again() -> None:
    lasting = fault(FetchReason.NOT_FOUND, transient=False)
    assert next_page_try(article(), lasting, now=NOW, jitter=0) is None


def test_a_page_is_asked_for_again_until_its_tries_are_over() -> None:
    passing = fault(FetchReason.TIMEOUT)
    last = PAGE_RETRIES.attempts
    assert next_page_try(article(attempts=1), passing, now=NOW, jitter=0) == NOW + PAGE_RETRIES.first
    assert next_page_try(article(attempts=last - 1), passing, now=NOW, jitter=0) is not None
    assert next_page_try(article(attempts=last), passing, now=NOW, jitter=0) is None


def test_a_page_waits_as_long_as_its_host_asks_but_not_until_it_is_no_news() -> None:
    patient = fault(FetchReason.THROTTLED, retry_after=4 * HOUR)
    resting = fault(FetchReason.THROTTLED, retry_after=4 * HOUR + MINUTE)
    assert next_page_try(article(), patient, now=NOW, jitter=-1) == NOW + 4 * HOUR
    assert next_page_try(article(), resting, now=NOW, jitter=-1) is None


@pytest.mark.parametrize(("age", "again"), [(6 * HOUR, True), (6 * HOUR + MINUTE, False)])
def test_a_page_that_gets_old_is_not_asked_for_again(age: timedelta, again: bool) -> None:
    old = article(discovered_at=NOW - age)
    assert (next_page_try(old, fault(FetchReason.TIMEOUT), now=NOW, jitter=0) is not None) is again
