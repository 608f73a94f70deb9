"""When the next digest is due in a subscriber's zone, and which period it covers. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.digests.digest import Period
from worker.digests.schedule import Rhythm, Schedule
from worker.digests.zones import zone_of


def next_due_at(schedule: Schedule, zone: str, after: datetime) -> datetime:
    """The first due time later than `after`, in UTC.

    A local time that the clock change skips is due at the first moment after the gap; one that comes
    twice is due at its first coming only. An instant schedule's quiet period ends then, or with the night
    in which it ends. Raises ConfigurationError when the zone is not known.
    """
    where = zone_of(zone)
    if schedule.rhythm is Rhythm.INSTANT:
        return after_night(schedule, zone, after.astimezone(UTC) + schedule.quiet)
    if schedule.rhythm is Rhythm.HOURLY:
        return _next_full_hour(where, after)
    # From the day before: a zone that jumps over midnight can move yesterday's due time past `after`.
    day = after.astimezone(where).date() - timedelta(days=1)
    while True:
        if day.weekday() in schedule.days:
            due = _moment(day, schedule, where)
            if due > after:
                return due
        day += timedelta(days=1)


def first_due_at(schedule: Schedule, zone: str, now: datetime) -> datetime:
    """When the first digest is due: an instant one at once, for nothing was sent that it must keep apart from."""
    return after_night(schedule, zone, now) if schedule.rhythm is Rhythm.INSTANT else next_due_at(schedule, zone, now)


def after_night(schedule: Schedule, zone: str, moment: datetime) -> datetime:
    """`moment`, or the end of the schedule's night when it falls in one, in UTC."""
    if schedule.night is None:
        return moment
    start, end = schedule.night
    local = moment.astimezone(zone_of(zone))
    now = local.time().replace(fold=0)
    inside = start <= now < end if start < end else now >= start or now < end
    return next_due_at(Schedule(Rhythm.DAILY, end), zone, moment) if inside else moment


def period_for(schedule: Schedule, zone: str, due_at: datetime, *, now: datetime, last_end: datetime) -> Period | None:
    """The period of the digest that is made at `now`, or None when it is not due yet.

    It begins where the last one ended, however long ago that was and however many were missed on the way, and ends
    now. An instant digest waits for the end of a night.
    """
    if due_at > now or (schedule.rhythm is Rhythm.INSTANT and after_night(schedule, zone, now) > now):
        return None
    end = now.astimezone(UTC)
    return Period(min(last_end.astimezone(UTC), end), end)


def _next_full_hour(where: ZoneInfo, after: datetime) -> datetime:
    local = after.astimezone(where)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    due = after.astimezone(UTC) - past + timedelta(hours=1)
    # A change of half an hour on the way (Lord Howe) puts the next full hour half an hour later.
    return due + timedelta(minutes=-due.astimezone(where).minute % 60)


def _moment(day: date, schedule: Schedule, where: ZoneInfo) -> datetime:
    """The moment of `schedule.at` on `day`: its first coming, or the end of the gap that swallows it."""
    first = datetime.combine(day, schedule.at, tzinfo=where)
    moment = first.astimezone(UTC)
    if moment.astimezone(where).replace(tzinfo=None) == first.replace(tzinfo=None):
        return moment
    # PEP 495: inside a gap fold=1 reads with the offset after the change, fold=0 with the one before,
    # so the change lies between the two readings.
    before, later = first.replace(fold=1).astimezone(UTC), moment
    offset = before.astimezone(where).utcoffset()
    while later - before > timedelta(seconds=1):
        middle = (before + (later - before) / 2).replace(microsecond=0)
        if middle.astimezone(where).utcoffset() == offset:
            before = middle
        else:
            later = middle
    return later
