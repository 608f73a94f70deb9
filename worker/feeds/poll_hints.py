"""How often a feed asks to be polled, read from its own words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from worker.feeds.entry import PollHints
from worker.text.languages import ENGLISH

# RSS 1.0 syndication module, updatePeriod; a year is beyond every bound of the schedule anyway.
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = tuple(day.lower() for day in ENGLISH.weekdays)
_MAX_TTL_MINUTES = 525_600
_LONGEST_LIST = 4_000
_HOUR = re.compile(r"<hour>\s*([0-9]{1,2})\s*<", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*([A-Za-z]{6,9})\s*<", re.IGNORECASE)


def read_hints(feed: Any, text: str) -> PollHints:
    """Read `ttl` and `sy:update*` from feedparser's feed, `skipHours` and `skipDays` from the text.

    feedparser keeps only the last hour and day of a list. A list that skips everything says nothing.
    """
    ttl = _number(dict.get(feed, "ttl"))
    hours, days = _listed("skipHours", text), _listed("skipDays", text)
    # Hour 24 is midnight in RSS 0.91, hour 0 in RSS 2.0.
    skip_hours = frozenset(int(hour) % 24 for hour in _HOUR.findall(hours) if int(hour) <= 24)
    skip_days = frozenset(_DAYS.index(day.lower()) for day in _DAY.findall(days) if day.lower() in _DAYS)
    return PollHints(
        ttl=timedelta(minutes=min(ttl, _MAX_TTL_MINUTES)) if ttl > 0 else None,
        update_every=_update_every(feed),
        skip_hours=skip_hours if len(skip_hours) < 24 else frozenset(),
        skip_days=skip_days if len(skip_days) < 7 else frozenset(),
    )


def _update_every(feed: Any) -> timedelta | None:
    stated = dict.get(feed, "sy_updateperiod")
    period = _PERIODS.get(stated.strip().lower()) if isinstance(stated, str) else None
    if period is None:
        return None
    return period / max(_number(dict.get(feed, "sy_updatefrequency")), 1)


def _listed(name: str, text: str) -> str:
    # The first list alone: looking for the end of each opening tag would take a hostile text too long.
    start = re.search(f"<{name}[\\s>]", text, re.IGNORECASE)
    listed = text[start.end() : start.end() + _LONGEST_LIST] if start else ""
    return re.split(f"</{name}", listed, maxsplit=1, flags=re.IGNORECASE)[0]


def _number(value: object) -> int:
    found = re.match(r"\s*([0-9]{1,9})", value) if isinstance(value, str) else None
    return int(found.group(1)) if found else 0
