"""Dates as feeds write them, as aware UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from worker.text.months import month_number

# Feeds are younger than 1990 and articles are not written a lifetime ahead: such dates are slips.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
BACKLOG = timedelta(days=2)
"""What a feed lists when it is first read, and published longer ago than this, is its past and no news."""

_WRITTEN = re.compile(
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?[\s/-]+(?:de\s+)?(?P<month>[^\W\d_]{3,12})\.?,?[\s/-]+(?:de\s+|del\s+)?"
    r"(?P<year>[0-9]{4})(?:[\s,T]+(?:a\s+las\s+)?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
    r"\s*(?P<zone>[+-][0-9]{2}:?[0-9]{2})?"
)
_SECONDS = re.compile(r"[0-9]{10}\Z")


def from_numbers(numbers: object) -> datetime | None:
    """Turn feedparser's time tuple (UTC) into a datetime, absurd ones too (`within_reason`); None where it is none."""
    if not isinstance(numbers, tuple) or len(numbers) < 6:
        return None
    try:
        year, month, day, hour, minute, second = numbers[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (TypeError, ValueError):
        return None


def parse_date(text: str) -> datetime | None:
    """Read an ISO 8601 or RFC 5322 date, or one with a month name of a West European language.

    A date without a zone is taken as UTC. None where it cannot be read or lies outside 1990-2099.
    """
    text = " ".join(text.split())[:80]
    for read in (_iso, _mail, _written, _unix):
        try:
            found = read(text)
            if found is not None:
                return within_reason(found)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def within_reason(moment: datetime) -> datetime | None:
    """Return the moment in UTC, or None where no article can be of that time: outside 1990-2099."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if not EARLIEST - timedelta(days=1) < moment < LATEST:
        return None
    moment = moment.astimezone(UTC)
    return moment if moment >= EARLIEST else None


def _iso(text: str) -> datetime | None:
    return datetime.fromisoformat(text)


def _mail(text: str) -> datetime | None:
    return parsedate_to_datetime(text)


def _written(text: str) -> datetime | None:
    found = _WRITTEN.search(text)
    if found is None:
        return None
    month = month_number(found["month"])
    if month is None:
        return None
    zone = _zone(found["zone"] or "")
    clock = [int(found[part] or 0) for part in ("hour", "minute", "second")]
    return datetime(int(found["year"]), month, int(found["day"]), clock[0], clock[1], clock[2], tzinfo=zone)


def _zone(offset: str) -> timezone:
    if not offset:
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _unix(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if _SECONDS.match(text) else None
