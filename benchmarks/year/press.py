"""The outlets of the year: what they publish each day, served on loopback as feeds and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from random import Random
from urllib.parse import urlsplit

from benchmarks.world.site import Resource

TOPIC = "ferries"
TOPIC_FILE = """
name = "ferries"
languages = ["en"]
description = "Strikes of ferry crews"
[title]
en = "Ferry strikes"
[query]
any = "ferry AND strike"
"""
OUTLETS = {"courier": "Harbour Courier", "gazette": "Inland Gazette", "mirror": "Coast Mirror"}
CHRONICLE = "chronicle"
"""The outlet whose feed lists whatever it has ever published."""

_LISTED = timedelta(days=2)
_SYLLABLES = (
    "bar", "cor", "del", "fen", "gar", "hol", "jun", "kel", "lom", "mur", "nor", "pel", "quin", "ros", "sav", "tor",
    "ul", "ven", "wex", "yar",
)  # fmt: skip
_WHO = ("engineers", "teachers", "farmers", "judges", "surgeons", "painters", "sailors", "bakers", "students", "miners")
_DID = ("praised", "refused", "measured", "rebuilt", "doubted", "inspected", "bought", "discussed", "lost", "welcomed")
_WHAT = (
    "bridge", "library", "orchard", "tunnel", "statue", "brewery", "timetable", "stadium", "archive", "greenhouse",
    "observatory", "market", "canal", "chapel", "laboratory", "festival",
)  # fmt: skip
_HOW = ("quietly", "twice", "at last", "without a permit", "before dawn", "despite the rain", "for a modest fee")
_ON_TOPIC = (
    "The ferry crews of {place} went on strike over the rosters of {company}.",
    "A strike of the ferry crews keeps {place} cut off, said {person} of {company}.",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What an outlet publishes; reports of one `event` tell of the same, and are news only where `is_news`."""

    event: str
    outlet: str
    published: datetime
    title: str
    paragraphs: tuple[str, ...]
    is_news: bool

    @property
    def path(self) -> str:
        return f"/{self.published:%Y/%m/%d}/{self.event}"


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is published a day: so many events on the topic, each by two outlets at least, and so many others."""

    events: int
    others: int


class Press:
    """Answers for all outlets at `clock()`; what a day brings depends on its date alone."""

    def __init__(self, start: datetime, amounts: Amounts, clock: Callable[[], datetime]) -> None:
        self._start, self._amounts, self._clock = start, amounts, clock
        self._hosts = {f"{key}.example": key for key in (*OUTLETS, CHRONICLE)}

    @property
    def feeds(self) -> Mapping[str, str]:
        """Addresses by outlet's name."""
        return {name: f"http://{key}.example/feed" for key, name in (*OUTLETS.items(), (CHRONICLE, "Chronicle"))}

    def day(self, day: datetime) -> tuple[Report, ...]:
        """All that is published on the day that begins then."""
        return reports_of(day, self._amounts, with_chronicle=(day - self._start).days % 7 == 0)

    def answer(self, address: str) -> Resource:
        """What stands at that address."""
        parts = urlsplit(address)
        outlet, now = self._hosts.get(parts.netloc, ""), self._clock()
        if parts.path == "/feed":
            return Resource(200, "application/rss+xml", _feed(outlet, self._listed(outlet, now)))
        found = self._at(outlet, parts.path)
        return Resource(200, "text/html; charset=utf-8", _page(found)) if found else Resource(404, "text/plain", b"no")

    def _listed(self, outlet: str, now: datetime) -> list[Report]:
        since = self._start if outlet == CHRONICLE else max(self._start, now - _LISTED)
        first = since.replace(hour=0, minute=0, second=0, microsecond=0)
        step = 7 if outlet == CHRONICLE else 1
        days = (first + timedelta(days=n) for n in range(0, (now - first).days + 1, step))
        found = (one for day in days for one in self.day(day) if one.outlet == outlet and one.published <= now)
        return sorted(found, key=lambda one: one.published, reverse=True)

    def _at(self, outlet: str, path: str) -> Report | None:
        try:
            day = datetime.strptime(path[:11], "/%Y/%m/%d").replace(tzinfo=self._start.tzinfo)
        except ValueError:
            return None
        return next((one for one in self.day(day) if one.outlet == outlet and one.path == path), None)


@cache
def reports_of(day: datetime, amounts: Amounts, *, with_chronicle: bool) -> tuple[Report, ...]:
    """What is published on that day, all of an event before noon: nobody is told of one in parts."""
    return tuple(_reports(day, amounts, with_chronicle=with_chronicle))


def _reports(day: datetime, amounts: Amounts, *, with_chronicle: bool) -> Iterator[Report]:
    lot, keys = Random(f"{day:%Y-%m-%d}"), tuple(OUTLETS)
    for number in range(amounts.events + with_chronicle):
        outlets = lot.sample(keys, 3)
        if number == amounts.events:
            outlets = [CHRONICLE]
        lead = _ON_TOPIC[number % 2]
        first = _report(lot, f"strike-{number}", outlets[0], day, lead, is_news=True)
        yield first
        if outlets != [CHRONICLE]:
            yield _retold(lot, first, outlets[1])
            later = first.published + timedelta(hours=1)
            yield replace(first, outlet=outlets[2], published=later, is_news=False)
    for number in range(amounts.others):
        yield _report(lot, f"other-{number}", keys[number % len(keys)], day, "{place} opened a {what}.", is_news=False)


def _report(lot: Random, event: str, outlet: str, day: datetime, lead: str, *, is_news: bool) -> Report:
    names = {name: _name(lot) for name in ("place", "person", "company", "street")}
    said = lead.format(**names, what=lot.choice(_WHAT))
    title = f"{names['place']} {lot.choice(_WHAT)}: {names['company']} and {names['person']}"
    paragraphs = (said, *(_paragraph(lot, names) for _ in range(4)))
    at = day + timedelta(hours=5, minutes=lot.randrange(120))
    return Report(event, outlet, at, f"Ferry strike in {title}" if is_news else title, paragraphs, is_news)


def _retold(lot: Random, first: Report, outlet: str) -> Report:
    """The same event in another outlet's words: the names are the same, most sentences are not."""
    place, _, others = first.title.removeprefix("Ferry strike in ").partition(": ")
    company, _, person = others.partition(" and ")
    names = {"place": place.split()[0], "person": person, "company": company, "street": _name(lot)}
    lead = _ON_TOPIC[lot.randrange(2)].format(**names)
    paragraphs = (lead, *(_paragraph(lot, names) for _ in range(4)))
    title = f"{names['company']} cannot end the ferry strike of {names['place']}, {names['person']} says"
    return Report(first.event, outlet, first.published + timedelta(minutes=30), title, paragraphs, is_news=True)


def _name(lot: Random) -> str:
    return "".join(lot.choices(_SYLLABLES, k=3)).capitalize()


def _paragraph(lot: Random, names: Mapping[str, str]) -> str:
    subjects = [*names.values(), f"The {lot.choice(_WHO)} of {names['place']}", f"{lot.randrange(20, 9000)} people"]
    sentences = (
        f"{lot.choice(subjects)} {lot.choice(_DID)} the {lot.choice(_WHAT)} of {lot.choice(list(names.values()))}"
        f" {lot.choice(_HOW)}, and {lot.choice(_WHO)} {lot.choice(_DID)} {lot.randrange(2, 900)} {lot.choice(_WHAT)}s."
        for _ in range(4)
    )
    return " ".join(sentences)


def _feed(outlet: str, reports: list[Report]) -> bytes:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>http://{outlet}.example{one.path}</link>"
        f"<guid>http://{outlet}.example{one.path}</guid><pubDate>{format_datetime(one.published)}</pubDate>"
        f"<description>{escape(one.paragraphs[0])}</description></item>"
        for one in reports
    )
    return f'<rss version="2.0"><channel><title>{outlet}</title>{items}</channel></rss>'.encode()


def _page(report: Report) -> bytes:
    body = "".join(f"<p>{escape(one)}</p>" for one in report.paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(report.title)}</title></head><body><nav>Home</nav>'
        f"<article><h1>{escape(report.title)}</h1><time datetime={report.published.isoformat()}></time>{body}</article>"
        f"<footer>{report.outlet}</footer></body></html>"
    ).encode()
