"""What a due subscription gets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.unit.records import subscription
from worker.delivery.due_plan import plan_due, put_right

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_digest_is_not_due_before_its_time() -> None:
    assert plan_due(subscription(next_due_at=NOW + MINUTE), now=NOW) is None


def test_a_due_digest_covers_what_came_since_the_last_and_names_the_next() -> None:
    seven = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # 07:00 in Mexico City
    wanted, now = subscription(next_due_at=seven, window_start=seven - DAY), seven + 20 * MINUTE
    plan = plan_due(wanted, now=now)
    assert plan is not None
    assert (plan.period.start, plan.period.end, plan.next_due) == (seven - DAY, now, seven + DAY)


def test_missed_digests_become_one() -> None:
    seven = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    wanted, now = subscription(next_due_at=seven, window_start=seven - DAY), seven + 2 * DAY + HOUR
    plan = plan_due(wanted, now=now)
    assert plan is not None
    assert (plan.period.start, plan.period.end, plan.next_due) == (seven - DAY, now, seven + 3 * DAY)


@pytest.mark.parametrize("ahead", [2 * HOUR, DAY, 40 * DAY])
def test_a_due_time_from_a_clock_that_ran_ahead_is_put_right(ahead: timedelta) -> None:
    seven = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    wanted = subscription(next_due_at=seven + ahead + DAY, window_start=seven + ahead)
    assert plan_due(wanted, now=seven) is None
    assert put_right(wanted, now=seven) == seven + DAY


@pytest.mark.parametrize("ahead", [-DAY, timedelta(), 10 * MINUTE, HOUR])
def test_machines_may_differ_by_some_minutes(ahead: timedelta) -> None:
    assert put_right(subscription(next_due_at=NOW + 5 * DAY, window_start=NOW + ahead), now=NOW) is None
