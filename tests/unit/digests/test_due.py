from datetime import UTC, datetime, timedelta

import pytest

from worker.digests import Period, first_due_at, next_due_at, parse_schedule, period_for
from worker.errors import ConfigurationError

HOUR = timedelta(hours=1)
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
        due, now = utc(2026, 1, 5, 7, 30), utc(2026, 1, 5, 7, 29)
        assert period_for(self.daily, "UTC", due, now=now, last_end=utc(2026, 1, 4)) is None

    @pytest.mark.parametrize("last_end", [utc(2026, 1, 4, 7, 30), utc(2026, 1, 1), utc(2025, 1, 4, 7, 30)])
    def test_it_begins_where_the_last_one_ended_however_long_ago_that_was(self, last_end: datetime) -> None:
        due, now = utc(2026, 1, 5, 7, 30), utc(2026, 1, 5, 8)
        assert period_for(self.daily, "UTC", due, now=now, last_end=last_end) == Period(last_end, now)

    def test_a_missed_monday_still_has_the_news_of_friday(self) -> None:
        weekdays = parse_schedule("weekdays at 07:00")
        friday = utc(2026, 8, 7, 13)  # 07:00 in Mexico City
        monday = next_due_at(weekdays, "America/Mexico_City", friday)
        for late in (timedelta(0), timedelta(hours=25), timedelta(hours=49)):
            period = period_for(weekdays, "America/Mexico_City", monday, now=monday + late, last_end=friday)
            assert period == Period(friday, monday + late)

    def test_an_instant_one_waits_for_the_end_of_a_night(self) -> None:
        instant = parse_schedule("instant except 22:00-07:00")
        last, late = utc(2026, 1, 5, 6), utc(2026, 1, 5, 23)
        assert period_for(instant, "UTC", utc(2026, 1, 5, 7), now=late, last_end=last) is None
        assert period_for(instant, "UTC", utc(2026, 1, 5, 7), now=late - HOUR * 2, last_end=last) is not None

    def test_a_clock_that_was_set_back_gives_an_empty_period(self) -> None:
        later = utc(2026, 1, 9)
        period = period_for(self.daily, "UTC", utc(2026, 1, 5, 7, 30), now=utc(2026, 1, 5, 8), last_end=later)
        assert period is not None
        assert period.start == period.end


def test_the_first_instant_digest_is_tried_at_the_next_look() -> None:
    now = utc(2026, 1, 5, 12)
    assert first_due_at(parse_schedule("instant"), "UTC", now) == now
    assert first_due_at(parse_schedule("instant except 10:00-13:00"), "UTC", now) == utc(2026, 1, 5, 13)
    assert first_due_at(parse_schedule("daily at 07:30"), "UTC", now) == utc(2026, 1, 6, 7, 30)
