"""Days as a report itself names them: the one it opens with ("June 9, 2008 –"), all it names, and weekdays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from worker.text.folding import fold
from worker.text.languages import LANGUAGES
from worker.text.months import DATELINE_MONTHS

_OPENING = 100  # characters; days named further on are those of other events
MONTH = "|".join(DATELINE_MONTHS)
"""Names of the months, folded, as alternatives of a pattern."""
_DAY = re.compile(
    rf"\b(?:(?P<m1>{MONTH}) (?P<d1>\d{{1,2}}),? (?P<y1>(?:19|20)\d\d)"
    rf"|(?P<d2>\d{{1,2}}) (?:de |of )?(?P<m2>{MONTH}),? (?:del? )?(?P<y2>(?:19|20)\d\d)"
    r"|(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d)"
    rf"|(?!may )(?P<m4>{MONTH}) (?P<d4>\d{{1,2}})"  # "may 10 of them" is no day
    rf"|(?P<d5>\d{{1,2}}) (?:de |of )?(?P<m5>{MONTH}))\b"
)
_WEEKDAYS = {fold(name): number for one in LANGUAGES if one.datelines for number, name in enumerate(one.weekdays)}
_WORD = re.compile(r"[a-z]+")
_FEW = {"a": 1, "one": 1, "two": 2, "three": 3, "un": 1, "dos": 2, "tres": 3}
_EARLIER = re.compile(
    rf"\b(?:(?P<few>{'|'.join(_FEW)}) (?:days?|dias?) (?:after|earlier|before|despues|antes)"
    r"|the (?:day before|previous day)|el dia (?:anterior|previo)|al dia siguiente|la vispera)\b"
)
_LEAP_YEAR = 2000
_NEW_YEAR = 10  # days into January, in which the old year's number is still written by habit
_YEAR = 366
_MOST_DAYS = 8  # that a report names; the rest is a calendar


@dataclass(frozen=True, slots=True)
class Day:
    """A day as reports name it, often without the year."""

    year: int | None
    month: int
    day: int

    def __str__(self) -> str:
        """Return it as ISO 8601 writes it, "--06-09" where no year is named."""
        return f"{f'{self.year:04}' if self.year else '-'}-{self.month:02}-{self.day:02}"

    def days_from(self, other: Day) -> int:
        """Days between the two; the fewest possible where one names no year, or in early January last year's."""
        if self.year and other.year and not (self._is_mistaken_for(other) or other._is_mistaken_for(self)):
            return abs(self._in(self.year) - other._in(other.year))
        apart = abs(self._in(_LEAP_YEAR) - other._in(_LEAP_YEAR))
        return min(apart, _YEAR - apart)

    def _is_mistaken_for(self, other: Day) -> bool:
        """Whether it is a day of early January with the year that was over, beside one of that year's end."""
        return self.year == other.year and (self.month, other.month) == (1, 12) and self.day <= _NEW_YEAR

    def _in(self, year: int) -> int:
        return _ordinal(year, self.month, self.day)


@lru_cache(maxsize=1 << 12)
def _ordinal(year: int, month: int, day: int) -> int:
    return date(year, month, day).toordinal()


def find_dateline(text: str) -> Day | None:
    """First day named at the beginning of a text, or None."""
    return next(_find_days(text[:_OPENING]), None)


def find_days(text: str) -> frozenset[Day]:
    """Days that a text names, the first eight of them."""
    found: dict[Day, None] = {}
    for day in _find_days(text):
        found[day] = None
        if len(found) == _MOST_DAYS:
            break
    return frozenset(found)


def are_far_apart(days: Collection[Day], others: Collection[Day], limit: int) -> bool:
    """Whether each of the days is more than `limit` days from all of the others; False where either names none."""
    return bool(days and others) and min(one.days_from(other) for one in days for other in others) > limit


def _find_days(text: str) -> Iterator[Day]:
    for match in _DAY.finditer(fold(text)):
        year, month, day = (next(filter(None, (match.group(f"{part}{n}") for n in parts)), "")
                            for part, parts in (("y", "123"), ("m", "12345"), ("d", "12345")))  # fmt: skip
        try:
            found = date(int(year or _LEAP_YEAR), DATELINE_MONTHS.get(month) or int(month), int(day))
        except ValueError:
            continue
        yield Day(found.year if year else None, found.month, found.day)


def find_weekdays(text: str) -> set[int]:
    """Weekdays that a text names, 0 for Monday, and those before them that it follows: "on Tuesday, a day after"."""
    plain = fold(text)
    named = {_WEEKDAYS[word] for word in _WORD.findall(plain) if word in _WEEKDAYS}
    earlier = {_FEW[found["few"]] if found["few"] else 1 for found in _EARLIER.finditer(plain)}
    return named | {(day - days) % len(set(_WEEKDAYS.values())) for day in named for days in earlier}


def read_day(text: str) -> Day:
    """Return the day that `str` wrote."""
    year, month, day = text.rsplit("-", 2)
    return Day(None if year == "-" else int(year), int(month), int(day))
