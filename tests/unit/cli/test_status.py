from __future__ import annotations

from datetime import UTC, datetime, timedelta

from worker.cli.status import clock_warnings

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_clock_that_ticks_needs_no_words() -> None:
    assert clock_warnings({"feeds": NOW - timedelta(seconds=100)}, {"feeds": 15}, NOW) == ()


def test_a_clock_that_stopped_is_named() -> None:
    found = clock_warnings({"feeds": NOW - timedelta(minutes=30)}, {"feeds": 15, "digests": 30}, NOW)
    assert ["'feeds' ran last: 30 min ago" in found[0], "'digests' ran last: never" in found[1]] == [
        True,
        True,
    ]


def test_a_slow_clock_is_given_its_time() -> None:
    ticks = {"feeds": NOW - timedelta(minutes=30)}
    assert clock_warnings(ticks, {"feeds": 600}, NOW) == ()
    assert clock_warnings(ticks, {"feeds": 300}, NOW)
