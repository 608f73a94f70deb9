from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_digests_clock_changes import day_of
from worker.digests import Rhythm, Schedule, after_night, next_due_at, parse_schedule, period_for

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
MOMENTS = st.datetimes(datetime(2025, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
AT_A_TIME = st.one_of(
    st.builds(Schedule, st.just(Rhythm.DAILY), TIMES),
    st.builds(Schedule, st.just(Rhythm.WEEKDAYS), TIMES, st.just((0, 1, 2, 3, 4))),
    st.builds(Schedule, st.just(Rhythm.WEEKLY), TIMES, st.tuples(st.integers(0, 6))),
)
NIGHTS = st.tuples(TIMES, TIMES).filter(lambda night: night[0] != night[1])
INSTANT = st.builds(
    Schedule, st.just(Rhythm.INSTANT), quiet=st.integers(1, 1440).map(lambda n: timedelta(minutes=n)),
    night=st.none() | NIGHTS,
)  # fmt: skip
LONGEST_WAITS = {
    Rhythm.HOURLY: timedelta(hours=1), Rhythm.DAILY: timedelta(days=1), Rhythm.WEEKDAYS: timedelta(days=3),
    Rhythm.WEEKLY: timedelta(days=7),
}  # fmt: skip
SCHEDULES = st.one_of(AT_A_TIME, INSTANT, st.sampled_from([Schedule(Rhythm.HOURLY), Schedule(Rhythm.INSTANT)]))


@given(SCHEDULES)
def test_schedule_survives_its_text(schedule: Schedule) -> None:
    assert parse_schedule(str(schedule)) == schedule


@given(SCHEDULES, ZONES, MOMENTS)
def test_due_is_ahead_and_not_far(schedule: Schedule, zone: str, after: datetime) -> None:
    due = next_due_at(schedule, zone, after)
    night = timedelta(days=1) if schedule.night else timedelta()
    longest = schedule.quiet if schedule.rhythm is Rhythm.INSTANT else LONGEST_WAITS[schedule.rhythm]
    assert after < due <= after + longest + night + timedelta(hours=2)
    assert due.tzinfo is UTC


@given(AT_A_TIME, ZONES, MOMENTS)
def test_due_is_the_wanted_local_time_or_the_end_of_a_gap_on_each_wanted_day_once(
    schedule: Schedule, zone: str, after: datetime
) -> None:
    where = ZoneInfo(zone)
    days, moment = [], after
    for _ in range(9):
        moment = next_due_at(schedule, zone, moment)
        assert moment.astimezone(where).fold == 0
        days.append(day_of(moment, schedule.at, where))
    assert all(day is not None and day.weekday() in schedule.days for day in days)
    assert len(set(days)) == len(days)
    assert days == sorted(days)  # type: ignore[type-var]


@given(SCHEDULES, ZONES, MOMENTS, st.integers(0, 60 * 24 * 30), st.integers(0, 60 * 24 * 400))
def test_a_period_begins_where_the_last_one_ended_whenever_the_planner_wakes(
    schedule: Schedule, zone: str, after: datetime, late: int, silent: int
) -> None:
    due = next_due_at(schedule, zone, after)
    now, last_end = due + timedelta(minutes=late), due - timedelta(minutes=silent)
    period = period_for(schedule, zone, due, now=now, last_end=last_end)
    if period is None:  # not in the night
        assert schedule.night is not None
        assert after_night(schedule, zone, now) > now
        return
    assert (period.start, period.end) == (last_end, now)
    assert next_due_at(schedule, zone, period.end) > now, "nothing that is due is left over"
