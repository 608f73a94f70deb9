"""When a page says it was published: from what it declares, and only then from what stands on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from worker.pages.tree.tree import Element
from worker.text.months import SHORT_MONTHS

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
_TRAILING_ZONE = re.compile(r"\s*\(?(?:UTC|GMT|Z)\)?$", re.IGNORECASE)
_COMPACT_ZONE = re.compile(r"([+-]\d\d)(\d\d)$")
_FRACTION = re.compile(r"\.\d+")
_URL_MONTH = re.compile(rf"/(20\d\d)/({'|'.join(SHORT_MONTHS)})/(0?[1-9]|[12]\d|3[01])/", re.I)
_NAMED_DATE = re.compile(
    r"(?<![a-z])(?:date-?(?:posted|published|line)?|(?:post|publish|pub|publication|article|story)(?:ed)?-?(?:date|time|on))(?![a-z])"
)
_NOT_PUBLISHED = re.compile(r"updat|modif|current|today|event|widget|archive|calendar")
_LABEL = re.compile(
    r"^\W*(?:date|posted|published|publicad[oa]|publié|veröffentlicht)\b(?: (?:on|el|em|le|am))?\W*", re.I
)
_URL_DATE = re.compile(r"/(20\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:[/-]|$)")
_FORMATS = (
    "%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%B %d, %Y", "%b %d, %Y",
    "%d %B %Y", "%d %b %Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%B %d, %Y %H:%M", "%Y-%m-%d %H:%M:%S %z", "%d.%m.%Y",
)  # fmt: skip


def parse_moment(text: str, now: datetime | None = None) -> datetime | None:
    """A date as pages declare it, as aware UTC; None where it is unreadable, before 1995 or later than `now`.

    A date without a zone is taken as UTC.
    """
    text = text.strip()[:60]
    if not text:
        return None
    moment = _parse_iso(text) or _parse_other(text)
    if moment is None:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    if moment < _EARLIEST or (now is not None and moment > now + _CLOCK_SLACK):
        return None
    return min(moment, now) if now is not None else moment


def published_moment(
    tree: Element, metas: dict[str, str], linked: str, url: str | None, now: datetime | None
) -> datetime | None:
    """JSON-LD, then <meta>, then <time> marked as such, then the address, then htmldate's reading of the page."""
    candidates = [linked, *(metas.get(name, "") for name in _PUBLISHED_META), *_time_elements(tree)]
    found = next((moment for text in candidates if text and (moment := parse_moment(text, now))), None)
    if found is not None:
        return found
    in_address = _URL_DATE.search(url or "")
    if in_address:
        return parse_moment("-".join(part.zfill(2) for part in in_address.groups()), now)
    in_address = _URL_MONTH.search(url or "")
    if in_address:
        return parse_moment(" ".join((in_address[3], in_address[2].title(), in_address[1])), now)
    guess = _guess(tree, now)
    changed = updated_moment(metas, "", now)
    if guess is not None and changed is not None and guess.date() == changed.date():
        # htmldate may have taken the change for the publication: a date that is shown as such is better.
        return _shown(tree, now) or guess
    return guess


def _shown(tree: Element, now: datetime | None) -> datetime | None:
    """The first date in an element whose class or id calls it the publication's."""
    for element in tree.iter("time", "span", "div", "p", "dd", "li", "td"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().replace("_", "-")
        if _NAMED_DATE.search(names) and not _NOT_PUBLISHED.search(names):
            text = "".join(element.itertext())[:100].strip()
            moment = parse_moment(_LABEL.sub("", text), now)
            if moment is not None:
                return moment
    return None


def updated_moment(metas: dict[str, str], linked: str, now: datetime | None) -> datetime | None:
    """When the page says the article was changed; widgets ("last updated") are not asked."""
    candidates = [linked, *(metas.get(name, "") for name in _UPDATED_META)]
    return next((moment for text in candidates if text and (moment := parse_moment(text, now))), None)


def _time_elements(tree: Element) -> list[str]:
    """<time> elements that are marked as the publication, or the only one within the article's head."""
    marked = []
    for element in tree.iter("time", "span", "meta"):
        names = f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()
        if "datepublished" in names or (element.tag == "time" and ("pubdate" in element.attrib or "publish" in names)):
            marked.append(element.get("datetime") or element.get("content") or (element.text or "").strip())
    return marked


def _parse_iso(text: str) -> datetime | None:
    text = _COMPACT_ZONE.sub(r"\1:\2", _FRACTION.sub("", _TRAILING_ZONE.sub("+00:00", text) if "T" in text else text))
    if re.fullmatch(r"\d{8}", text) or not re.match(r"\d{4}-\d", text):
        return None
    try:
        return datetime.fromisoformat(text.replace(" +", "+"))
    except ValueError:
        return None


def _parse_other(text: str) -> datetime | None:
    if re.fullmatch(r"1[0-9]{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    cleaned = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", _TRAILING_ZONE.sub(" +0000" if "," in text[:5] else "", text))
    for form in _FORMATS:
        try:
            return datetime.strptime(cleaned, form)  # noqa: DTZ007 - the caller makes it aware
        except ValueError:
            continue
    return None


def _guess(tree: Element, now: datetime | None) -> datetime | None:
    from htmldate import find_date  # 10 MB that a process which never reads a page should not pay

    # Its extensive search would take any date on the page, a widget's too.
    found = find_date(tree, extensive_search=False, original_date=True, max_date=now)
    return parse_moment(found, now) if found else None
