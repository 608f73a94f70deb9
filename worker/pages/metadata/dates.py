"""When a page says it was published: from what it declares, and only then from what stands on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.pages.metadata.date_lines import published_lines
from worker.pages.metadata.surroundings import is_elsewhere
from worker.pages.tree.tree import Element, drop_element
from worker.text.months import named_month
from worker.text.written_dates import find_dates, writes_month_first

_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date.published",
    "parsely-pub-date", "sailthru.date", "article.published", "publish-date", "publishdate", "publish_date",
    "pubdate", "published_time", "publication_date", "originalpublicationdate", "dc.date.issued", "dcterms.created",
    "dc.date", "dcterms.date", "article_date_original", "cxenseparse:recs:publishtime", "date", "article.created",
)  # fmt: skip
_UPDATED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "lastmod",
)
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
# Zones and clocks disagree by up to this much; a later date is a wrong one.
_CLOCK_SLACK = timedelta(hours=1)
_LONGEST = 100  # characters of a declared date
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?Z?)?")
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?(?:\.\d+)?")
_URL_DATE = re.compile(
    r"/(?P<year>20\d\d)[/-]?(?P<month>0[1-9]|1[0-2]|(?<=[/-])[1-9]|(?<=[/-])[A-Za-z]{3,10})"
    r"(?:[/-]?(?P<day>0[1-9]|[12]\d|3[01]|(?<=[/-])[1-9]))?(?=[/_-]|$)"
)


@dataclass(frozen=True, slots=True)
class DateReader:
    """How this page's dates are to be read: by its language's habit, checked against its address, none after `now`."""

    month_first: bool = False
    url: str | None = None
    now: datetime | None = None

    def read(self, text: str) -> datetime | None:
        """A date as pages declare it, as aware UTC; None where unreadable, before 1995 or later than `now`.

        A date without a zone is taken as UTC.
        """
        text = text.strip()[:_LONGEST]
        moment = _machine_form(text)
        if moment is not None:
            return self._within(self._agreed(moment, _swap(moment)))
        found = next(find_dates(text, month_first=self.month_first), None)
        return self.settle(found.moment, found.swapped) if found is not None else None

    def settle(self, moment: datetime, swapped: datetime | None) -> datetime | None:
        """The reading that the address or the clock allows, of two that differ in day and month."""
        settled = self._within(self._agreed(moment, swapped))
        return settled if settled is not None or swapped is None else self._within(swapped)

    def in_address(self) -> datetime | None:
        """The day that the address names."""
        parts = _address_date(self.url)
        if parts is None or parts[2] is None:
            return None
        try:
            return self._within(datetime(parts[0], parts[1], parts[2], tzinfo=UTC))
        except ValueError:
            return None

    def _agreed(self, moment: datetime, swapped: datetime | None) -> datetime:
        parts = _address_date(self.url)
        if swapped is None or parts is None or parts[0] != moment.year:
            return moment
        months = (moment.month, swapped.month)
        told = parts[2] is None or parts[2] == swapped.day
        return swapped if months[0] != parts[1] == months[1] and told else moment

    def _within(self, moment: datetime) -> datetime | None:
        if moment < _EARLIEST or (self.now is not None and moment > self.now + _CLOCK_SLACK):
            return None
        return min(moment, self.now) if self.now is not None else moment


def date_reader(tag: str, url: str | None, now: datetime | None) -> DateReader:
    """The reader for a page whose language tag is `tag` ("en-US", "es", "")."""
    return DateReader(writes_month_first(tag, url), url, now)


def published_moment(
    tree: Element, metas: dict[str, str], linked: str, titles: Sequence[str], reader: DateReader
) -> datetime | None:
    """JSON-LD, then <meta>, then <time> marked as such, then the address, then what stands beside the headline, then
    htmldate's reading of the page."""
    declared = (linked, *(metas.get(name, "") for name in _PUBLISHED_META))
    found = _first_moment(declared, reader) or _first_moment(_time_elements(tree), reader) or reader.in_address()
    if found is not None:
        return found
    for line in published_lines(tree, titles, month_first=reader.month_first):
        moment = reader.settle(line.moment, line.swapped)
        if moment is not None:
            return moment
    return _guess(tree, reader)


def updated_moment(metas: dict[str, str], linked: str, reader: DateReader) -> datetime | None:
    """When the page says the article was changed; widgets ("last updated") are not asked."""
    return _first_moment((linked, *(metas.get(name, "") for name in _UPDATED_META)), reader)


def _first_moment(candidates: Iterable[str], reader: DateReader) -> datetime | None:
    return next((moment for text in candidates if text and (moment := reader.read(text))), None)


def _time_elements(tree: Element) -> list[str]:
    """What elements say that are marked as the publication, those first that stand in no neighbour's box."""
    marked: list[tuple[bool, str]] = []
    for element in tree.iter("time", "span", "meta", "div", "p", "abbr"):
        prop, name = element.get("itemprop"), element.get("class")
        if not (prop or name) and element.tag != "time":
            continue
        names = f"{prop or ''} {name or ''}".lower()
        if "datepublished" in names or (element.tag == "time" and ("pubdate" in element.attrib or "publish" in names)):
            said = element.get("datetime") or element.get("content") or " ".join(element.itertext())[:_LONGEST]
            marked.append((is_elsewhere(element), said.strip()))
    return [said for elsewhere, said in marked if not elsewhere]


def _address_date(url: str | None) -> tuple[int, int, int | None] | None:
    """Year, month and, where it is named, day in a path such as /2026/08/03/ or /2026/aug/03/."""
    found = _URL_DATE.search(url or "")
    if found is None:
        return None
    month = int(found["month"]) if found["month"].isdigit() else named_month(found["month"])
    return (int(found["year"]), month, int(found["day"]) if found["day"] else None) if month else None


def _machine_form(text: str) -> datetime | None:
    """ISO 8601 in its common spellings, and seconds or milliseconds since 1970."""
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    iso = _ISO.match(text)
    compact = _COMPACT.fullmatch(text)
    if iso is not None:
        written = f"{iso[1]}T{iso[2]}{(iso[3] or '+00:00').upper().replace('Z', '+00:00')}"
    elif compact is not None:
        written = f"{compact[1]}-{compact[2]}-{compact[3]}T{compact[4] or '00'}:{compact[5] or '00'}+00:00"
    else:
        written = f"{text}T00:00+00:00" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text
    try:
        moment = datetime.fromisoformat(written)
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _swap(moment: datetime) -> datetime | None:
    return (
        moment.replace(month=moment.day, day=moment.month) if moment.day <= 12 and moment.day != moment.month else None
    )


def _guess(tree: Element, reader: DateReader) -> datetime | None:
    from htmldate import find_date  # 10 MB that a process which never reads a page should not pay

    own = deepcopy(tree)
    for element in [
        each for each in own.iter("time", "abbr", "span", "script") if each.tag == "script" or is_elsewhere(each)
    ]:
        drop_element(element)
    # Its extensive search would take any date on the page, a widget's too.
    found = find_date(own, extensive_search=False, original_date=True, max_date=reader.now)
    return reader.read(found) if found else None
