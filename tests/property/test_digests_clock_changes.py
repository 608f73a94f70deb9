"""Due times around every clock change of every zone, for two years: skipped hours, doubled hours, skipped days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from worker.digests import Rhythm, Schedule, after_night, next_due_at, parse_schedule, period_for

START, END = datetime(2025, 11, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
STEP = timedelta(days=1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def offset(where: ZoneInfo, moment: datetime) -> timedelta:
    found = moment.astimezone(where).utcoffset()
    assert found is not None
    return found


def changes(where: ZoneInfo) -> Iterator[datetime]:
    """Every moment within the two years at which the zone's offset changes, to the second."""
    before = START
    while before < END:
        after = before + STEP
        if offset(where, before) != offset(where, after):
            low, high = before, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if offset(where, middle) == offset(where, low) else (low, middle)
            yield high
        before = after


@cache
def all_changes() -> list[tuple[str, datetime]]:
    return [(name, change) for name in ZONES for change in changes(ZoneInfo(name))]


def local_times(where: ZoneInfo, change: datetime) -> set[time]:
    """Local times a reader could have chosen that the change touches: within it, at its edges, and beside it."""
    before, after = (change - MINUTE).astimezone(where), change.astimezone(where)
    edges = {before.replace(tzinfo=None), after.replace(tzinfo=None)}
    middle = min(edges) + (max(edges) - min(edges)) / 2
    beside = {edge + shift for edge in (*edges, middle) for shift in (-MINUTE, timedelta(), MINUTE)}
    return {moment.time().replace(second=0, microsecond=0, fold=0) for moment in beside}


def test_there_are_changes_to_look_at() -> None:
    assert len(ZONES) > 400
    assert len(all_changes()) > 400
    assert {name for name, _ in all_changes()} >= {
        "America/New_York", "America/Tijuana", "Europe/Madrid", "Australia/Lord_Howe", "Africa/Casablanca",
    }  # fmt: skip


@pytest.mark.parametrize("rhythm", [Rhythm.DAILY, Rhythm.WEEKDAYS, Rhythm.WEEKLY])
def test_each_wanted_day_is_due_once_and_at_the_right_moment(rhythm: Rhythm) -> None:
    """A skipped time is due at the end of the gap, a doubled one at its first coming, and no day twice or never."""
    for name, change in all_changes():
        where = ZoneInfo(name)
        day = change.astimezone(where).weekday()
        days = {Rhythm.DAILY: tuple(range(7)), Rhythm.WEEKDAYS: (0, 1, 2, 3, 4), Rhythm.WEEKLY: (day,)}[rhythm]
        for at in local_times(where, change):
            schedule = Schedule(rhythm, at, days)
            due, seen = change - 2 * DAY, []
            while due < change + 2 * DAY:
                due = next_due_at(schedule, name, due)
                seen.append(due)
            check(seen, schedule, where, (name, change, at))
            wanted = {
                one for shift in range(-1, 2)
                if (one := (change + shift * DAY).astimezone(where).date()).weekday() in days
            }  # fmt: skip
            assert wanted <= {day_of(one, at, where) for one in seen}, (name, change, at)


def check(seen: list[datetime], schedule: Schedule, where: ZoneInfo, what: object) -> None:
    dates = [day_of(due, schedule.at, where) for due in seen]
    assert all(date is not None and date.weekday() in schedule.days for date in dates), what
    assert len(set(dates)) == len(dates), what
    assert all(due.astimezone(where).fold == 0 for due in seen), what


def day_of(due: datetime, at: time, where: ZoneInfo) -> date | None:
    """The day whose digest this is: at its time, or at the end of the gap that has swallowed it.

    A gap may end with its day (Nuuk): what was due in it then comes at midnight.
    """
    local = due.astimezone(where).replace(tzinfo=None)
    if local.time() == at:
        return local.date()
    gap_start = (due - timedelta(seconds=1)).astimezone(where).replace(tzinfo=None)
    swallowed = [day for day in (gap_start.date(), local.date()) if gap_start < datetime.combine(day, at) < local]
    return swallowed[0] if local - gap_start > timedelta(seconds=1) and swallowed else None


def test_hourly_is_due_at_full_hours_about_an_hour_apart() -> None:
    for name, change in all_changes():
        where, due = ZoneInfo(name), change - timedelta(hours=4)
        previous = next_due_at(Schedule(Rhythm.HOURLY), name, due)
        while previous < change + timedelta(hours=4):
            due = next_due_at(Schedule(Rhythm.HOURLY), name, previous)
            assert due.astimezone(where).minute == 0, (name, change)
            assert timedelta(minutes=29) < due - previous < timedelta(minutes=91), (name, change)
            previous = due


def test_a_night_that_the_clock_change_falls_in_ends_at_its_local_end() -> None:
    for name, change in all_changes():
        where = ZoneInfo(name)
        for start, end in ((time(22), time(7)), (time(0), time(5)), (time(2, 30), time(3, 15))):
            schedule = Schedule(Rhythm.INSTANT, night=(start, end))
            for minutes in range(-600, 600, 75):
                due = next_due_at(schedule, name, change + minutes * MINUTE)
                local = due.astimezone(where).time()
                inside = start <= local < end if start < end else local >= start or local < end
                assert not inside, (name, change, minutes)
                assert due - change < timedelta(hours=30)


SCHEDULES = [
    "instant", "instant every 1 minutes except 22:00-06:30", "hourly", "daily at 01:30", "daily at 02:30",
    "daily at 23:59", "weekdays at 07:00", "weekly on monday at 02:30", "weekly on sunday at 00:00",
]  # fmt: skip


@pytest.mark.parametrize("outage", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_moment_is_in_one_period_whatever_the_schedule_the_zone_and_the_outage(
    schedule: str, outage: int
) -> None:
    """Nothing runs for days around a change of the clock; then the digests go on where the last one ended."""
    wanted = parse_schedule(schedule)
    often = wanted.rhythm in {Rhythm.INSTANT, Rhythm.HOURLY}
    around = outage * DAY / 2 + (DAY if often else 8 * DAY)
    for name in ZONES:
        middle = next((change for zone, change in all_changes() if zone == name), START + 100 * DAY)
        down, up = middle - outage * DAY / 2, middle + outage * DAY / 2
        last_end, due, served = middle - around, next_due_at(wanted, name, middle - around), 0
        while due < middle + around:
            now = up if down <= due < up else due
            period = period_for(wanted, name, due, now=now, last_end=last_end)
            if period is None:  # it is night when the service comes up again
                due = after_night(wanted, name, now)
                continue
            assert (period.start, period.end) == (last_end, now), name
            last_end, due, served = now, _next(wanted, name, now), served + 1
        assert served > 1, name
        assert last_end > up, name


def _next(schedule: Schedule, zone: str, now: datetime) -> datetime:
    """When the next digest goes out; where it would be at once, there is nothing to tell for some hours."""
    if schedule.rhythm is Rhythm.INSTANT:
        return after_night(schedule, zone, now + timedelta(hours=5))
    return next_due_at(schedule, zone, now)
