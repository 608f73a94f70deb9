"""Dates as people and machines write them within a text; and where day and month could change places, both readings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import urlsplit

from worker.text.folding import fold
from worker.text.languages import primary_subtag
from worker.text.months import named_month
from worker.text.zone_names import find_zone

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
    r"(?<!\d)(?:(?P<hour>[01]?\d|2[0-4])\s?(?:[:.]|[hH]\s?)(?P<minute>[0-5]\d)(?![\d/]|\.\d)(?::(?P<second>[0-5]\d))?(?:[.,]\d+)?\s*(?:min\b)?\s*"
    r"(?P<half>[aApP]\.?\s?[mM]\b\.?)?(?:\s*(?:[hH]s?|[hH]rs|[uU]hr)\b\.?)?"
    r"|(?<!\w)(?P<whole>1[0-2]|0?[1-9])\s?(?P<side>[aApP]\.?[mM]\b\.?)|\b(?P<word>noon|midnight)\b)\s*[(\[]?"
    r"(?P<zone>[A-Z][a-z]+(?:/[A-Z][A-Za-z_]+){1,2}\b|(?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d\d)?\b|[+-]\d{1,2}:?\d\d\b|[+-]\d\d(?![:\d])"
    r"|Z\b|[A-Z]{2,4}\b)?"
)
_NEAR = 26  # characters between a date and the clock that belongs to it: " a las ", " | ", " um "
# English is written month first in these regions, and where none is named unless the host is of another.
_MONTH_FIRST = ("us", "ph", "bz", "pr", "ca")
_DAY_FIRST_HOSTS = ("uk", "au", "nz", "ie", "in", "za", "sg", "my", "ng", "ke", "gh", "pk", "hk", "mt", "eu")
# How the weekdays begin, from Monday: English, Spanish, Portuguese, French, Italian, German.
_WEEKDAYS = (
    ("mon", "lun", "seg", "montag"), ("tue", "mar", "ter", "die"), ("wed", "mie", "mer", "qua", "mit"),
    ("thu", "jue", "jeu", "qui", "gio", "don"), ("fri", "vie", "ven", "sex", "fre"), ("sat", "sab", "sam"),
    ("sun", "dom", "dim", "son"),
)  # fmt: skip
_WORD_BEFORE = re.compile(r"([^\W\d_]{2,})(?:-feira)?[.,]?\s*\Z")
_CENTURY = 50  # two-digit years below it are of this century
_LONGEST = 300  # characters that are searched


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date within a text, from `start` to `end`.

    `moment` is aware UTC, midnight where no clock stands beside it; `swapped` is the same with day and month changed,
    where the writing allows both, else None. `unknown_zone` is a zone's name that says nothing to us: UTC was taken.
    """

    start: int
    end: int
    moment: datetime
    swapped: datetime | None
    unknown_zone: str = ""


def find_dates(text: str, *, month_first: bool = False, language: str | None = None) -> Iterator[WrittenDate]:
    """Yield the dates of a short text in order; what has no year is none. A date without a zone is taken as UTC.

    `month_first` reads 03/04 as the third month's fourth day, where nothing else decides: not the name of the weekday
    either. `language` decides between zones of one name (`worker.text.zone_names`).
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
        days = _on_weekday(days, text[max(before, match.start() - _NEAR) : match.start()])
        after = found[number + 1].start() if number + 1 < len(found) else len(text)
        clock = _clock_beside(text, match, before, after)
        named = (clock["zone"] if clock else None) or ""
        zone = find_zone(named, language) if named else UTC
        first, *rest = (_with_clock(day, clock, zone or UTC) for day in days)
        before = max(match.end(), clock.end() if clock else 0)
        yield WrittenDate(match.start(), match.end(), first, rest[0] if rest else None, "" if zone else named)


def writes_month_first(tag: str, url: str | None) -> bool:
    """Whether 03/04 is March the 4th, by the habit of a language tag ("en-US", "es", "") and of a host's country."""
    language, _, region = tag.replace("_", "-").lower().partition("-")
    try:
        country = (urlsplit(url or "").hostname or "").rpartition(".")[2]
    except ValueError:
        country = ""
    habit = region in _MONTH_FIRST if region else country not in _DAY_FIRST_HOSTS
    return primary_subtag(language) == "en" and habit


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


def _on_weekday(days: list[datetime], before: str) -> list[datetime]:
    """The one of two readings that falls on the weekday which is named before the date."""
    word = _WORD_BEFORE.search(before)
    named = _weekday(word[1]) if word else None
    fitting = [day for day in days if day.weekday() == named]
    return fitting if len(fitting) == 1 else days


def _weekday(word: str) -> int | None:
    folded = fold(word)
    return next((n for n, beginnings in enumerate(_WEEKDAYS) if folded.startswith(beginnings)), None)


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


def _with_clock(day: datetime, clock: re.Match[str] | None, zone: tzinfo) -> datetime:
    if clock is None:
        return day
    if clock["word"]:
        return day.replace(hour=12 if clock["word"] == "noon" else 0, tzinfo=zone).astimezone(UTC)
    hour, half = int(clock["hour"] or clock["whole"]), clock["half"] or clock["side"]
    if half:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    day += timedelta(days=hour // 24)
    local = day.replace(hour=hour % 24, minute=int(clock["minute"] or 0), second=int(clock["second"] or 0))
    return local.replace(tzinfo=zone).astimezone(UTC)
