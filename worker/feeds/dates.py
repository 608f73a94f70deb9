"""Dates as feeds write them, as aware UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from worker.text.written_dates import WrittenDate, find_dates, writes_month_first

# Feeds are younger than 1990 and articles are not written a lifetime ahead: such dates are slips.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
BACKLOG = timedelta(days=2)
"""What a feed lists when it is first read, and published longer ago than this, is its past and no news."""

_ABSURD = re.compile(r"(?<![+\-\d])(?:000[01]|1[0-8]\d\d)(?!\d)")  # a year by which publishing systems say "no date"
_LONGEST = 80  # characters of a date
_EPOCH = re.compile(r"(?P<seconds>[0-9]{10})(?P<thousandths>[0-9]{3})?(?:\.[0-9]{1,9})?")
# RFC 5322 with a zone that its own reader knows; it takes any other name for UTC.
_MAIL = re.compile(
    r"(?:[^\W\d_]{2,9}\.?,?\s+)?\d{1,2}\s+[A-Za-z]{3,9}\s+(?:[1-9]\d{3}|\d\d)\s+\d{1,2}:\d\d(?::\d\d)?\s*(?:[+-]\d{4}|GMT|UTC|UT|[ECMP][SD]T)?"
)
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class DateHabit:
    """How a feed writes its dates: which of day and month stands first, and its language, for names of zones."""

    month_first: bool = False
    language: str | None = None


def habit_of(stated: Iterable[str], language: str | None, url: str) -> DateHabit:
    """The habit of a feed that states these dates: by the first that can be read one way only, else by its language."""
    for text in stated:
        numbers = _SLASHED.search(text[:_LONGEST])
        first, second = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
        if first <= 12 < second or second <= 12 < first:
            return DateHabit(second > 12, language)
    return DateHabit(writes_month_first(language or "en-001", url), language)


def from_numbers(numbers: object) -> datetime | None:
    """Turn feedparser's time tuple (UTC) into a datetime, absurd ones too (`within_reason`); None where it is none."""
    if not isinstance(numbers, tuple) or len(numbers) < 6:
        return None
    try:
        year, month, day, hour, minute, second = numbers[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (TypeError, ValueError):
        return None


def parse_date(text: str, habit: DateHabit = DateHabit()) -> datetime | None:
    """Read an ISO 8601 or RFC 5322 date, seconds or milliseconds since 1970, or a date as publishing systems write it.

    Names of months are read in any language of the table, those of zones as `worker.text.zone_names` has them. A date
    without a zone, or in one that is not known (`unknown_zone`), is taken as UTC. None where it cannot be read or lies
    outside 1990-2099.
    """
    text = _one_line(text)
    for read in (_iso, _mail, _epoch):
        try:
            found = read(text)
            if found is not None:
                return within_reason(found)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    written = _written(text, habit)
    return within_reason(written.moment) if written else None


def unknown_zone(text: str) -> str:
    """The name of the zone in which a date is written, where it is one that we do not know; else ""."""
    text = _one_line(text)
    written = None if _MAIL.fullmatch(text) else _written(text, DateHabit())
    return written.unknown_zone if written else ""


def troubles(stated: Iterable[str], habit: DateHabit) -> tuple[str, ...]:
    """What is to be said of a feed's dates: which cannot be read, and which stand in a zone that we do not know."""
    distinct = list(dict.fromkeys(_one_line(text) for text in stated if text.strip()))
    unread = [text for text in distinct if parse_date(text, habit) is None and not _ABSURD.search(text)]
    zones = [zone for zone in dict.fromkeys(map(unknown_zone, distinct)) if zone]
    said = [f"dates that cannot be read: {len(unread)}, such as {unread[0]!r}"] if unread else []
    if zones:
        said.append(f"dates in a time zone that is not known are taken as UTC: {', '.join(zones[:3])}")
    return tuple(said)


def within_reason(moment: datetime) -> datetime | None:
    """Return the moment in UTC, or None where no article can be of that time: outside 1990-2099."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if not EARLIEST - timedelta(days=1) < moment < LATEST:
        return None
    moment = moment.astimezone(UTC)
    return moment if moment >= EARLIEST else None


def _one_line(text: str) -> str:
    return " ".join(text[: 4 * _LONGEST].split())[:_LONGEST]


def _iso(text: str) -> datetime | None:
    return datetime.fromisoformat(text)


def _mail(text: str) -> datetime | None:
    return parsedate_to_datetime(text) if _MAIL.fullmatch(text) else None


def _epoch(text: str) -> datetime | None:
    found = _EPOCH.fullmatch(text)
    return datetime.fromtimestamp(int(found["seconds"]), UTC) if found else None


def _written(text: str, habit: DateHabit) -> WrittenDate | None:
    return next(find_dates(text, month_first=habit.month_first, language=habit.language), None)
