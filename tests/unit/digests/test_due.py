from datetime import UTC, datetime, timedelta

import pytest

from worker.digests import Period, next_due_at, parse_schedule, period_for
from worker.errors import ConfigurationError

NEW_YORK = "America/New_York"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "zone", "after", "due"),
    [
        ("daily at 07:30", NEW_YORK, utc(2026, 1, 5, 12, 29, 59), utc(2026, 1, 5, 12, 30)),
        ("daily at 07:30", NEW_YORK, utc(2026, 1, 5, 12, 30), utc(2026, 1, 6, 12, 30)),
        ("daily at 07:30", NEW_YORK, utc(2026, 7, 5, 0, 0), utc(2026, 7, 5, 11, 30)),
        ("weekdays at 07:30", NEW_YORK, utc(2026, 1, 9, 13, 0), utc(2026, 1, 12, 12, 30)),
        ("weekly on sunday at 00:30", "Pacific/Auckland", utc(2026, 6, 1), utc(2026, 6, 6, 12, 30)),
        ("hourly", "Asia/Kolkata", utc(2026, 1, 5, 12, 29), utc(2026, 1, 5, 12, 30)),
        ("hourly", "UTC", utc(2026, 1, 5, 12, 0), utc(2026, 1, 5, 13, 0)),
        ("instant", "UTC", utc(2026, 1, 5, 12, 0), utc(2026, 1, 5, 12, 15)),
    ],
)
def test_next_due(text: str, zone: str, after: datetime, due: datetime) -> None:
    assert next_due_at(parse_schedule(text), zone, after) == due


def test_missing_time_is_sent_at_the_end_of_the_gap() -> None:
    # 8 March 2026, New York: 01:59:59 EST is followed by 03:00 EDT, which is 07:00 UTC.
    assert next_due_at(parse_schedule("daily at 02:30"), NEW_YORK, utc(2026, 3, 8)) == utc(2026, 3, 8, 7)
    assert next_due_at(parse_schedule("daily at 02:30"), NEW_YORK, utc(2026, 3, 8, 7)) == utc(2026, 3, 9, 6, 30)


def test_doubled_time_is_sent_once() -> None:
    # 1 November 2026, New York: 01:30 comes at 05:30 UTC (EDT) and at 06:30 UTC (EST).
    schedule = parse_schedule("daily at 01:30")
    first = next_due_at(schedule, NEW_YORK, utc(2026, 11, 1))
    assert first == utc(2026, 11, 1, 5, 30)
    assert next_due_at(schedule, NEW_YORK, first) == utc(2026, 11, 2, 6, 30)


def test_hourly_over_a_change_of_half_an_hour() -> None:
    # Lord Howe, 4 October 2026: 02:00 +10:30 becomes 02:30 +11:00 at 15:30 UTC of the day before.
    due = next_due_at(parse_schedule("hourly"), "Australia/Lord_Howe", utc(2026, 10, 3, 14, 30))
    assert due == utc(2026, 10, 3, 16, 0)  # 03:00, as 02:00 does not come


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd", "America", "x\0y", "/etc/localtime", "A" * 5000])
def test_unknown_zone_is_a_configuration_error(zone: str) -> None:
    with pytest.raises(ConfigurationError, match="time zone") as caught:
        next_due_at(parse_schedule("daily at 07:30"), zone, utc(2026, 1, 5))
    assert len(str(caught.value)) < 250


class TestPeriod:
    daily = parse_schedule("daily at 07:30")

    def test_nothing_before_it_is_due(self) -> None:
        assert period_for(self.daily, "UTC", utc(2026, 1, 5, 7, 30), now=utc(2026, 1, 5, 7, 29)) is None

    def test_first_digest_covers_one_span(self) -> None:
        period = period_for(self.daily, "UTC", utc(2026, 1, 5, 7, 30), now=utc(2026, 1, 5, 8))
        assert period == Period(utc(2026, 1, 4, 7, 30), utc(2026, 1, 5, 7, 30))

    def test_missed_windows_are_one(self) -> None:
        period = period_for(
            self.daily, "UTC", utc(2026, 1, 5, 7, 30), now=utc(2026, 1, 7, 6), last_end=utc(2026, 1, 4, 7, 30)
        )
        assert period == Period(utc(2026, 1, 4, 7, 30), utc(2026, 1, 6, 7, 30))

    def test_nothing_older_than_the_expiry_window(self) -> None:
        period = period_for(
            self.daily, "UTC", utc(2025, 1, 5, 7, 30), now=utc(2026, 1, 7, 6), last_end=utc(2025, 1, 4, 7, 30)
        )
        assert period == Period(utc(2026, 1, 3, 7, 30), utc(2026, 1, 6, 7, 30))

    def test_expiry_never_cuts_a_regular_window(self) -> None:
        weekly = parse_schedule("weekly on monday at 07:30")
        period = period_for(
            weekly,
            "UTC",
            utc(2026, 1, 12, 7, 30),
            now=utc(2026, 1, 12, 8),
            last_end=utc(2026, 1, 5, 7, 30),
            expiry=timedelta(days=1),
        )
        assert period == Period(utc(2026, 1, 5, 7, 30), utc(2026, 1, 12, 7, 30))

    def test_instant_ends_now(self) -> None:
        period = period_for(
            parse_schedule("instant"),
            "UTC",
            utc(2026, 1, 5, 7),
            now=utc(2026, 1, 5, 8),
            last_end=utc(2026, 1, 5, 6),
        )
        assert period == Period(utc(2026, 1, 5, 6), utc(2026, 1, 5, 8))

    def test_clock_set_back_gives_an_empty_window(self) -> None:
        later = utc(2026, 1, 9)
        period = period_for(self.daily, "UTC", utc(2026, 1, 5, 7, 30), now=utc(2026, 1, 5, 8), last_end=later)
        assert period is not None
        assert period.start == period.end
