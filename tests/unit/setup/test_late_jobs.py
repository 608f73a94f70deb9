"""When a job of the clock counts as late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.setup.tables import ClockSettings

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CLOCK = ClockSettings(feeds_seconds=30, digests_seconds=5)


@pytest.mark.parametrize(
    ("feeds_ago", "digests_ago", "late"),
    [
        (0, 0, ()),
        (150, 60, ()),
        (151, 0, ("feeds",)),
        (0, 61, ("digests",)),
        (None, 0, ("feeds",)),
        (0, None, ("digests",)),
        (None, None, ("feeds", "digests")),
    ],
)
def test_a_job_is_late_after_five_ticks_missed_and_a_minute_at_least(
    feeds_ago: int | None, digests_ago: int | None, late: tuple[str, ...]
) -> None:
    ago = {"feeds": feeds_ago, "digests": digests_ago}
    seen = {name: NOW - timedelta(seconds=seconds) for name, seconds in ago.items() if seconds is not None}
    assert CLOCK.late_jobs(seen, now=NOW) == late
