"""Dates as people and machines write them within a text; and where day and month could change places, both readings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from worker.text.months import named_month

_MONTH = r"(?P<@month>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<@day>\d{1,2})(?:st|nd|rd|th|er|º|ª|°|\.)?"
_OF = r"(?:,?\s*[/–-]\s*|,?\s+(?:(?:de|of|d[e']l)\s+)?)"
_FORMS = (
    # 3 August 2026 · 3 de agosto de 2026 · 3. August 2026 · 03-ago-2026 · 1er août 2026
    rf"{_DAY}{_OF}{_MONTH}{_OF}(?P<@year>(?:19|20)\d\d)(?!\d)",
    # August 3, 2026 · agosto 3, 2026 · Mar 04 2026 · Mar 4 10:30:00 CST 2026
    rf"{_MONTH}\s*[-/]?\s*{_DAY}(?:(?:,|\s+de)?\s+|\s*[-/]\s*)(?:\d{{1,2}}:\d\d(?::\d\d)?\s+(?:[A-Z]{{3,4}}\s+)?)?"
    r"(?P<@year>(?:19|20)\d\d)(?!\d)",
    # 2026-08-03 · 2026/8/3 · 2026年8月3日
    r"(?P<@year>(?:19|20)\d\d)(?:\s*[-/.]\s*|[年년]\s*)(?P<@number>\d{1,2})(?:\s*[-/.]\s*|[月월]\s*)(?P<@day>\d{1,2})(?!\d)",
    # 2026 August 3
    rf"(?P<@year>(?:19|20)\d\d){_OF}{_MONTH}\s+{_DAY}(?!\d)",
    # 03/08/2026 · 3.8.2026 · 03-08-2026 · 03.08.26
    r"(?P<@first>\d{1,2})(?P<@mark>\s?[/.]\s?|-)(?P<@second>\d{1,2})(?P=@mark)(?P<@year>(?:19|20)\d\d|\d\d)(?!\d|[.:]\d)",
)
_DATE = re.compile("|".join(rf"(?<![\w.])(?:{form})".replace("@", f"f{n}") for n, form in enumerate(_FORMS)))
_CLOCK = re.compile(
    r"(?<!\d)(?P<hour>[01]?\d|2[0-4])\s?(?:[:.]|[hH]\s?)(?P<minute>[0-5]\d)(?![\d/]|\.\d)(?::(?P<second>[0-5]\d))?(?:[.,]\d+)?\s*(?:min\b)?\s*"
    r"(?P<half>[aApP]\.?\s?[mM]\b\.?)?(?:\s*(?:[hH]s?|[hH]rs|[uU]hr)\b\.?)?\s*\(?"
    r"(?P<zone>Z\b|(?:UTC|GMT)?\s?[+-]\d\d:?\d\d\b|[A-Z]{2,4}\b)?"
)
_NEAR = 26  # characters between a date and the clock that belongs to it: " a las ", " | ", " um "
# Names of zones that mean one thing on news pages; minutes east of Greenwich.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120,
    "EET": 120, "EEST": 180, "MSK": 180, "EST": -300, "EDT": -240, "ET": -300, "CST": -360, "CDT": -300, "CT": -360,
    "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "PT": -480, "BRT": -180, "ART": -180, "JST": 540, "KST": 540,
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
}  # fmt: skip
_CENTURY = 50  # two-digit years below it are of this century
_LONGEST = 300  # characters that are searched


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date within a text, from `start` to `end`.

    `moment` is aware UTC, midnight where no clock stands beside it; `swapped` is the same with day and month changed,
    where the writing allows both, else None.
    """

    start: int
    end: int
    moment: datetime
    swapped: datetime | None


def find_dates(text: str, *, month_first: bool = False) -> Iterator[WrittenDate]:
    """Yield the dates of a short text in order; what has no year is none. A date without a zone is taken as UTC.

    `month_first` reads 03/04 as the third month's fourth day, where nothing else decides.
    """
    text = text[:_LONGEST]
    found = list(_DATE.finditer(text))
    before = 0
    for number, match in enumerate(found):
        form = next(n for n in range(len(_FORMS)) if match[f"f{n}year"] is not None)
        parts = {name[2:]: value for name, value in match.groupdict().items() if value and name[:2] == f"f{form}"}
        days = _days(parts, month_first=month_first)
        if not days:
            continue
        after = found[number + 1].start() if number + 1 < len(found) else len(text)
        clock = _clock_beside(text, match, before, after)
        first, *rest = (_with_clock(day, clock) for day in days)
        before = max(match.end(), clock.end() if clock else 0)
        yield WrittenDate(match.start(), match.end(), first, rest[0] if rest else None)


def _days(parts: dict[str, str], *, month_first: bool) -> list[datetime]:
    """What the parts may mean, the likelier first."""
    year = int(parts["year"])
    year += (2000 if year < _CENTURY else 1900) if year < 100 else 0
    if "first" in parts:
        one, two = int(parts["first"]), int(parts["second"])
        orders = [(one, two), (two, one)] if month_first else [(two, one), (one, two)]
    else:
        month = named_month(parts["month"]) if "month" in parts else int(parts["number"])
        orders = [(month, int(parts["day"]))] if month else []
    days = []
    for month, day in dict.fromkeys(orders):
        try:
            days.append(datetime(year, month, day, tzinfo=UTC))
        except ValueError:
            continue
    return days


def _clock_beside(text: str, date: re.Match[str], before: int, after: int) -> re.Match[str] | None:
    """The clock within the date, close after it, or close before it."""
    within = _CLOCK.search(text, date.start(), date.end()) if ":" in date[0] else None
    if within:
        return within
    found = _CLOCK.search(text, date.end(), after)
    if found and found.start() - date.end() <= _NEAR:
        return found
    earlier = list(_CLOCK.finditer(text, before, date.start()))
    return earlier[-1] if earlier and date.start() - earlier[-1].end() <= _NEAR and not found else None


def _with_clock(day: datetime, clock: re.Match[str] | None) -> datetime:
    if clock is None:
        return day
    hour = int(clock["hour"]) % 24
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"][0] in "pP" else 0)
    local = day.replace(hour=hour, minute=int(clock["minute"]), second=int(clock["second"] or 0))
    return local.replace(tzinfo=_zone(clock["zone"] or "")).astimezone(UTC)


def _zone(written: str) -> timezone:
    offset = re.search(r"([+-])(\d\d):?(\d\d)$", written)
    if offset is None:
        return timezone(timedelta(minutes=_ZONES.get(written, 0)))
    minutes = min(int(offset[2]) * 60 + int(offset[3]), 14 * 60)
    return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
