"""When the next digest is due in a subscriber's zone, and which window it covers. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.digests.digest import Period
from worker.digests.schedule import Rhythm, Schedule
from worker.digests.zones import zone_of

EXPIRY = timedelta(days=3)
"""News older than this is not sent after a long silence."""


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


def after_night(schedule: Schedule, zone: str, moment: datetime) -> datetime:
    """`moment`, or the end of the schedule's night when it falls in one, in UTC."""
    if schedule.night is None:
        return moment
    start, end = schedule.night
    local = moment.astimezone(zone_of(zone))
    now = local.time().replace(fold=0)
    inside = start <= now < end if start < end else now >= start or now < end
    return next_due_at(Schedule(Rhythm.DAILY, end), zone, moment) if inside else moment


def period_for(
    schedule: Schedule,
    zone: str,
    due_at: datetime,
    *,
    now: datetime,
    last_end: datetime | None = None,
    expiry: timedelta = EXPIRY,
) -> Period | None:
    """The window of the digest that is due at `now`, or None when `due_at` is still to come.

    All windows missed since `due_at` make one period: it ends at the latest due time that has passed (so
    every planner that wakes finds the same key), and starts where the last digest ended, yet never earlier
    than `expiry` (or the schedule's own span, if longer) before its end. Without a last digest it is one
    span long. An instant digest ends now.
    """
    if due_at > now or (schedule.rhythm is Rhythm.INSTANT and after_night(schedule, zone, now) > now):
        return None
    end = now.astimezone(UTC) if schedule.rhythm is Rhythm.INSTANT else _latest_due(schedule, zone, due_at, now)
    earliest = end - max(expiry, schedule.span)
    start = end - schedule.span if last_end is None else last_end.astimezone(UTC)
    return Period(min(max(start, earliest), end), end)


def _latest_due(schedule: Schedule, zone: str, due_at: datetime, now: datetime) -> datetime:
    latest = due_at.astimezone(UTC)
    # After months of silence only the last stretch decides; two spans always hold a due time.
    recent = now.astimezone(UTC) - 2 * schedule.span
    due = next_due_at(schedule, zone, max(latest, recent))
    while due <= now:
        latest = due
        due = next_due_at(schedule, zone, latest)
    return latest


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
