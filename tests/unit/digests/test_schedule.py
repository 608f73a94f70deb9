from datetime import time, timedelta

import pytest

from worker.digests import Rhythm, parse_schedule
from worker.errors import ConfigurationError


@pytest.mark.parametrize(
    "text", ["instant", "hourly", "daily at 07:30", "weekdays at 23:59", "weekly on monday at 00:00"]
)
def test_what_is_written_is_read_back(text: str) -> None:
    assert str(parse_schedule(text)) == text


def test_case_and_spacing_are_free() -> None:
    assert parse_schedule("  Weekly  on SUNDAY at 7:05 ") == parse_schedule("weekly on sunday at 07:05")


def test_parts() -> None:
    schedule = parse_schedule("weekly on friday at 18:15")
    assert (schedule.rhythm, schedule.at, schedule.days) == (Rhythm.WEEKLY, time(18, 15), (4,))
    assert parse_schedule("weekdays at 07:30").days == (0, 1, 2, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "daily",
        "daily at 24:00",
        "daily at 07:60",
        "daily at 730",
        "weekly at 07:30",
        "weekly on mon at 07:30",
        "hourly at 07:30",
        "instantly",
        "daily at ٠٧:٣٠",
        "daily at 07:30\0",
        "x" * 10_000,
    ],
)
def test_others_are_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ConfigurationError, match="weekly on monday at 07:30") as caught:
        parse_schedule(text)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "quiet", "night"),
    [
        ("instant", 15, None),
        ("Instant  every 1 minute", 1, None),
        ("instant every 90 minutes except 22:00-06:30", 90, (time(22), time(6, 30))),
        ("instant except 0:00 - 5:00", 15, (time(0), time(5))),
    ],
)
def test_instant_with_its_quiet_times(text: str, quiet: int, night: tuple[time, time] | None) -> None:
    schedule = parse_schedule(text)
    assert (schedule.rhythm, schedule.quiet, schedule.night) == (Rhythm.INSTANT, timedelta(minutes=quiet), night)
    assert parse_schedule(str(schedule)) == schedule


@pytest.mark.parametrize(
    "text",
    ["instant every 0 minutes", "instant every 1441 minutes", "instant except 22:00", "instant except 22:00-22:00",
     "instant except 24:00-06:00", "instant every minutes", "instant never"],
)  # fmt: skip
def test_quiet_times_that_cannot_be(text: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read; allowed are"):
        parse_schedule(text)
