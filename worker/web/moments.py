"""How a page tells a moment: as its reader would say it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from worker.digests import Catalog


def tell_moment(moment: datetime | None, *, now: datetime, zone: ZoneInfo, say: Catalog) -> str:
    """Return the hour for today, with the day before that; the year only where it is another one."""
    if moment is None:
        return say.gettext("never")
    today = now.astimezone(zone).date()
    try:
        there = moment.astimezone(zone)
    except OverflowError:  # a feed may be of the year 1
        there = moment
    if there.date() == today:
        return f"{there:%H:%M}"
    if abs(there.date() - today) <= timedelta(days=1):
        day = say.gettext("yesterday") if there.date() < today else say.gettext("tomorrow")
        return f"{day}, {there:%H:%M}"
    year = f" {there.year}" if there.year != today.year else ""
    return f"{say.short_day(there.date())}{year}, {there:%H:%M}"
