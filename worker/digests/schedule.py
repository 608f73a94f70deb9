"""When a subscriber wants digests, and how that is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from worker.errors import ConfigurationError
from worker.text.languages import ENGLISH

WEEKDAY_NAMES = tuple(day.lower() for day in ENGLISH.weekdays)
ALLOWED = (
    '"instant", "instant every 30 minutes", "instant except 22:00-07:00", "hourly", "daily at 07:30", '
    '"weekdays at 07:30", "weekly on monday at 07:30"'
)

_AT_A_TIME = re.compile(
    r"(?:(?P<every>daily|weekdays)|weekly on (?P<day>[a-z]+)) at (?P<hour>\d{1,2}):(?P<minute>\d{2})",
    re.ASCII,
)
_INSTANT = re.compile(
    r"instant(?: every (?P<quiet>\d{1,4}) minutes?)?(?: except (?P<start>\d{1,2}:\d{2}) ?[-–] ?(?P<end>\d{1,2}:\d{2}))?"
)
_QUIET = timedelta(minutes=15)
_LONGEST_QUIET = timedelta(days=1)


class Rhythm(StrEnum):
    """How a schedule repeats."""

    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """`at` is local time; `days` count from Monday = 0. Both matter only to daily, weekdays and weekly.

    `quiet` is what an instant schedule keeps between two mails; within `night`, from the first local time
    up to the second, it sends none.
    """

    rhythm: Rhythm
    at: time = time(0)
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    quiet: timedelta = _QUIET
    night: tuple[time, time] | None = None

    def __str__(self) -> str:
        """The text that `parse_schedule` reads back into this schedule."""
        if self.rhythm is Rhythm.INSTANT:
            minutes = self.quiet // timedelta(minutes=1)
            every = "" if self.quiet == _QUIET else f" every {minutes} minute{'' if minutes == 1 else 's'}"
            return "instant" + every + (f" except {self.night[0]:%H:%M}-{self.night[1]:%H:%M}" if self.night else "")
        if self.rhythm is Rhythm.HOURLY:
            return self.rhythm.value
        on = f" on {WEEKDAY_NAMES[self.days[0]]}" if self.rhythm is Rhythm.WEEKLY else ""
        return f"{self.rhythm.value}{on} at {self.at:%H:%M}"


def parse_schedule(text: str) -> Schedule:
    """The schedule written in `text`; case and spacing are free.

    Raises ConfigurationError, naming what is allowed.
    """
    words = " ".join(text.lower().split())
    if words == Rhythm.HOURLY:
        return Schedule(Rhythm.HOURLY)
    if instant := _INSTANT.fullmatch(words):
        return _instant(instant, text)
    match = _AT_A_TIME.fullmatch(words)
    if match is None or (match["day"] and match["day"] not in WEEKDAY_NAMES):
        raise _refusal(text)
    try:
        at = time(int(match["hour"]), int(match["minute"]))
    except ValueError as error:
        raise _refusal(text) from error
    if match["day"]:
        return Schedule(Rhythm.WEEKLY, at, (WEEKDAY_NAMES.index(match["day"]),))
    if match["every"] == Rhythm.WEEKDAYS:
        return Schedule(Rhythm.WEEKDAYS, at, (0, 1, 2, 3, 4))
    return Schedule(Rhythm.DAILY, at)


def _instant(match: re.Match[str], text: str) -> Schedule:
    quiet = timedelta(minutes=int(match["quiet"])) if match["quiet"] else _QUIET
    try:
        start, end = (_time(match[name]) if match[name] else None for name in ("start", "end"))
    except ValueError as error:
        raise _refusal(text) from error
    if not timedelta() < quiet <= _LONGEST_QUIET or (start is not None and start == end):
        raise _refusal(text)
    return Schedule(Rhythm.INSTANT, quiet=quiet, night=(start, end) if start and end else None)


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def _refusal(text: str) -> ConfigurationError:
    return ConfigurationError(f"schedule {text[:60]!r} cannot be read; allowed are {ALLOWED}")
