from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from worker.digests import Rhythm, Schedule, next_due_at, parse_schedule, period_for

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
MOMENTS = st.datetimes(datetime(2025, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
AT_A_TIME = st.one_of(
    st.builds(Schedule, st.just(Rhythm.DAILY), TIMES),
    st.builds(Schedule, st.just(Rhythm.WEEKDAYS), TIMES, st.just((0, 1, 2, 3, 4))),
    st.builds(Schedule, st.just(Rhythm.WEEKLY), TIMES, st.tuples(st.integers(0, 6))),
)
SCHEDULES = st.one_of(AT_A_TIME, st.sampled_from([Schedule(Rhythm.HOURLY), Schedule(Rhythm.INSTANT)]))


@given(SCHEDULES)
def test_schedule_survives_its_text(schedule: Schedule) -> None:
    assert parse_schedule(str(schedule)) == schedule


@given(SCHEDULES, ZONES, MOMENTS)
def test_due_is_ahead_and_not_far(schedule: Schedule, zone: str, after: datetime) -> None:
    due = next_due_at(schedule, zone, after)
    assert after < due <= after + schedule.span + timedelta(hours=2)
    assert due.tzinfo is UTC


@given(AT_A_TIME, ZONES, MOMENTS)
def test_due_is_the_wanted_local_time_or_the_end_of_a_gap(schedule: Schedule, zone: str, after: datetime) -> None:
    where = ZoneInfo(zone)
    due = next_due_at(schedule, zone, after)
    local = due.astimezone(where)
    assert local.weekday() in schedule.days
    assert local.fold == 0
    if local.time() != schedule.at:
        before = (due - timedelta(seconds=1)).astimezone(where)
        assert before.utcoffset() != local.utcoffset()
        assert before.time() < schedule.at < local.time() or local.date() != before.date()


@given(AT_A_TIME, ZONES, MOMENTS)
def test_each_local_day_is_due_once(schedule: Schedule, zone: str, after: datetime) -> None:
    where = ZoneInfo(zone)
    days, moment = [], after
    for _ in range(9):
        moment = next_due_at(schedule, zone, moment)
        days.append(moment.astimezone(where).date())
    assert len(set(days)) == len(days)
    assert days == sorted(days)


@given(SCHEDULES, ZONES, MOMENTS, st.integers(0, 60 * 24 * 30), st.integers(0, 60 * 24 * 40))
def test_one_period_whenever_the_planner_wakes(
    schedule: Schedule, zone: str, after: datetime, late: int, silent: int
) -> None:
    due = next_due_at(schedule, zone, after)
    now = due + timedelta(minutes=late)
    expiry = timedelta(days=3)
    period = period_for(schedule, zone, due, now=now, last_end=due - timedelta(minutes=silent), expiry=expiry)
    assert period is not None
    assert period.start <= period.end <= now
    assert period.end - period.start <= max(expiry, schedule.span)
    if schedule.rhythm is not Rhythm.INSTANT:
        assert next_due_at(schedule, zone, period.end) > now  # nothing that is due is left over
        again = period_for(schedule, zone, due, now=period.end, last_end=period.end, expiry=expiry)
        assert again is not None
        assert again.end == period.end  # the same key for whoever plans it
