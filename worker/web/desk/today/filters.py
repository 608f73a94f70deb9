"""What the list of stories is filtered by, as it stands in its address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from worker.storage.stories.story_listing import StoryFilter
from worker.topics import DEFAULT_BAND, Band
from worker.web.desk.visit import Visit

PERIODS = (1, 3, 7, 30)
"""Days back that can be asked for."""

_DEFAULT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choices of a person, "" or False where there is none; `day` is one day alone and counts before `days`."""

    topic: str = ""
    band: Band = DEFAULT_BAND
    outlet: str = ""
    language: str = ""
    days: int = _DEFAULT_DAYS
    day: date | None = None
    updated: bool = False
    unmailed: bool = False
    new: bool = False

    @property
    def is_any(self) -> bool:
        """Whether anything is filtered by."""
        return self != Chosen()

    def address(self, page: int = 1) -> str:
        """What stands behind the page's address for the same choice, and that page of its list."""
        values = {
            "topic": self.topic, "band": "" if self.band is DEFAULT_BAND else self.band, "outlet": self.outlet,
            "language": self.language, "days": "" if self.days == _DEFAULT_DAYS else self.days,
            "day": self.day or "", "updated": self.updated and "yes", "unmailed": self.unmailed and "yes",
            "new": self.new and "yes", "page": page if page > 1 else "",
        }  # fmt: skip
        given = {name: value for name, value in values.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def wanted(self, topics: Iterable[str], *, now: datetime, zone: ZoneInfo, seen: int) -> StoryFilter:
        """Return the filter that the choice is, of these topics, for who has seen the news up to that number."""
        since, until = self._period(now, zone)
        named = tuple(name for name in topics if self.topic in ("", name))
        return StoryFilter(
            named, frozenset(self.band.included), since, until, self.outlet, self.language,
            self.updated, self.unmailed, seen if self.new else 0,
        )  # fmt: skip

    def _period(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
        if self.day is None:
            return now - timedelta(days=self.days), now + timedelta(days=1)  # a clock may be late
        start = datetime.combine(self.day, time(), tzinfo=zone)
        return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


def chosen_by(visit: Visit) -> Chosen:
    """Return what the address asks for; what it says that cannot be is as if it were not there."""
    band, days = visit.query("band"), visit.query("days")
    return Chosen(
        topic=visit.query("topic")[:80],
        band=Band(band) if band in list(Band) else DEFAULT_BAND,
        outlet=visit.query("outlet")[:200],
        language=visit.query("language")[:16],
        days=int(days) if days in map(str, PERIODS) else _DEFAULT_DAYS,
        day=_day(visit.query("day")),
        updated=bool(visit.query("updated")),
        unmailed=bool(visit.query("unmailed")),
        new=bool(visit.query("new")),
    )


def _day(text: str) -> date | None:
    """A day of a time in which there was news, or None."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 1970 < found.year < 9000 else None
