"""The day a report itself opens with: "June 9, 2008 –", "9 de junio de 2008", "2008-06-09"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from worker.stories.terms import fold

_OPENING = 100  # characters; days named further on are those of other events
_MONTHS = """
    january february march april may june july august september october november december
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
"""
_NUMBER_OF = {name: place % 12 + 1 for place, name in enumerate(_MONTHS.split())}
_MONTH = "|".join(_NUMBER_OF)
_DAY = re.compile(
    rf"\b(?:(?P<m1>{_MONTH}) (?P<d1>\d{{1,2}}),? (?P<y1>(?:19|20)\d\d)"
    rf"|(?P<d2>\d{{1,2}}) (?:de )?(?P<m2>{_MONTH}),? (?:del? )?(?P<y2>(?:19|20)\d\d)"
    r"|(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d))\b"
)


def find_dateline(text: str) -> date | None:
    """Day with year named at the beginning of a text, or None."""
    for match in _DAY.finditer(fold(text[:_OPENING])):
        year, month, day = (next(filter(None, match.group(f"{part}1", f"{part}2", f"{part}3"))) for part in "ymd")
        try:
            return date(int(year), _NUMBER_OF.get(month) or int(month), int(day))
        except ValueError:
            continue
    return None


def as_term(day: date) -> str:
    """A day as a term of a vector; no word looks like it."""
    return day.isoformat()


def days_among(terms: Iterable[str]) -> set[date]:
    """Days that stand among the terms of a vector."""
    return {date.fromisoformat(term) for term in terms if len(term) == 10 and term[4] == "-"}
