"""What a due subscription gets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.conftest import NOW
from tests.unit.records import subscription
from worker.delivery.due_plan import plan_due

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_digest_is_not_due_before_its_time() -> None:
    assert plan_due(subscription(next_due_at=NOW + MINUTE), now=NOW) is None


def test_a_due_digest_covers_what_came_since_the_last_and_names_the_next() -> None:
    seven = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # 07:00 in Mexico City
    wanted = subscription(next_due_at=seven, window_start=seven - DAY)
    plan = plan_due(wanted, now=seven + 20 * MINUTE)
    assert plan is not None
    assert (plan.period.start, plan.period.end, plan.next_due) == (seven - DAY, seven, seven + DAY)


def test_missed_digests_become_one() -> None:
    seven = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    wanted = subscription(next_due_at=seven, window_start=seven - DAY)
    plan = plan_due(wanted, now=seven + 2 * DAY + HOUR)
    assert plan is not None
    assert (plan.period.start, plan.period.end, plan.next_due) == (seven - DAY, seven + 2 * DAY, seven + 3 * DAY)
