"""The whole site as a function of time: what any outlet answers to a path at a moment."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.world.articles import World
from benchmarks.world.feeds import Channel, Item, render_feed
from benchmarks.world.outlets import Outlet
from benchmarks.world.templates import Said, Teaser, render_page, said_at
from benchmarks.world.truth import Answer, Report

HTML = "text/html"
ROUNDUP = "roundup"
"""The key of a feed of its own that lists what others published, by links that carry its mark."""

_LISTED, _SHARED, _FLAWED = 40, 30, 0.5
_ROUNDUP_NAME = "Morning Roundup"


@dataclass(frozen=True, slots=True)
class Resource:
    """An answer; `delay` is in seconds before it comes."""

    status: int
    content_type: str
    body: bytes
    location: str = ""
    delay: float = 0.0


@dataclass
class Site:
    """Answers for all outlets at `clock()`; `bases` are their addresses by key, without a closing slash."""

    world: World
    clock: Callable[[], datetime]
    bases: Mapping[str, str] = field(default_factory=dict)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._by_path = {
            (report.outlet, self.path(report)): report for report in self.world.truth.reports.values()
        }  # fmt: skip
        self._own: dict[str, list[Report]] = {key: [] for key in self.world.outlets}
        for report in self.world.truth.reports.values():
            self._own[report.outlet].append(report)

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.world.outlets, *([ROUNDUP] if self.world.is_shared else []))

    @property
    def feeds(self) -> list[tuple[str, str, str]]:
        """Return outlet, feed address and language of every feed to watch."""
        found = [(one.name, f"{self.bases[one.key]}/feed", one.language) for one in self.world.outlets.values()]
        shared = [(_ROUNDUP_NAME, f"{self.bases[ROUNDUP]}/feed", "en")] if self.world.is_shared else []
        return [*found, *shared]

    def path(self, report: Report) -> str:
        """Return where the report stands on its outlet's site; every form names its id."""
        number = int(report.outlet[1:])
        slug = _slug(report.title or "status")
        if number % 3 == 0:
            return f"/{report.published:%Y/%m/%d}/{slug}-{report.id}"
        return f"/{slug}/{report.id}.html" if number % 3 == 1 else f"/story.php?id={report.id}"

    def url(self, report: Report) -> str:
        return self.bases[report.outlet] + self.path(report)

    def report_at(self, address: str) -> Report | None:
        """Return which report an address leads to, whatever was hung on to it."""
        for key, base in self.bases.items():
            if address.startswith(f"{base}/"):
                found = re.search(r"\b(r\d{4})\b", address)
                report = self.world.truth.reports.get(found[1]) if found else None
                return report if report and key in (report.outlet, ROUNDUP) else None
        return None

    def answer(self, key: str, asked: str) -> Resource:
        """Return what the outlet answers now; marks of where a visitor comes from change nothing."""
        path = re.sub(r"[?&]utm_\w+=.*", "", asked)
        self.asked[key, path] += 1
        if path == "/robots.txt":
            return Resource(200, "text/plain", b"User-agent: *\nDisallow: /search\n")
        if key == ROUNDUP:
            return self._roundup() if path == "/feed" else _missing()
        outlet = self.world.outlets[key]
        if outlet.habit == "failing" and self.asked[key, path] % 3 == 1:
            return Resource(500, "text/plain", b"upstream connect error")
        if path == "/feed":
            return self._feed(outlet)
        if path.startswith("/go/"):
            report = self.world.truth.reports.get(path.removeprefix("/go/"))
            return Resource(302, HTML, b"", f"{self.url(report)}#from=feed") if report else _missing()
        report = self._by_path.get((key, path))
        return self._page(outlet, report) if report and report.published <= self.clock() else _missing()

    def _page(self, outlet: Outlet, report: Report) -> Resource:
        said = said_at(report, self.clock())
        html = render_page(outlet, said, self.url(report), self.bases[outlet.key], self._teasers(outlet, report))
        status = 404 if report.answer is Answer.MISSING else 200
        delay = 0.1 if outlet.habit == "slow" else 0.0
        if outlet.habit != "latin":
            return Resource(status, f"{HTML}; charset=utf-8", html.encode(), delay=delay)
        # What calls itself Latin-1 is Windows' code page nearly everywhere; half of these pages lie in their header.
        lies = random.Random(report.id).random() < _FLAWED
        declared = f"{HTML}; charset=utf-8" if lies else HTML
        return Resource(status, declared, html.encode("cp1252", "xmlcharrefreplace"), delay=delay)

    def _teasers(self, outlet: Outlet, report: Report) -> Sequence[Teaser]:
        """Return links to what else the outlet published of late: others at every visit."""
        now = self.clock()
        recent = [one for one in self._own[outlet.key] if one.published <= now and one is not report][-20:]
        rng = random.Random(f"{report.id}{self.asked[outlet.key, self.path(report)]}{now:%d%H}")
        chosen = rng.sample(recent, min(6, len(recent)))
        said = (said_at(one, now) for one in chosen)
        return [Teaser(one.title or one.summary, self.url(one.report), one.summary) for one in said]

    def _feed(self, outlet: Outlet) -> Resource:
        now = self.clock()
        live = [one for one in self._own[outlet.key] if one.published <= now]
        listed = sorted(live, key=lambda one: said_at(one, now).changed, reverse=True)[:_LISTED]
        channel = Channel(outlet.name, self.bases[outlet.key], outlet.language, outlet.charset)
        content_type, text = render_feed(
            outlet.feed, channel, [self._item(outlet, said_at(one, now)) for one in listed]
        )
        charset = "cp1252" if outlet.habit == "latin" and "json" not in content_type else "utf-8"
        return Resource(200, content_type, text.encode(charset, "xmlcharrefreplace"))

    def _item(self, outlet: Outlet, said: Said) -> Item:
        report = said.report
        link = f"{self.bases[outlet.key]}/go/{report.id}" if outlet.feed == "redirector" else self.url(report)
        return Item(
            guid=f"{outlet.key}-{report.id}", link=link, title=said.title, summary=said.summary, paragraphs=said.dated,
            byline=outlet.lines["bylines"][0], published=report.published, updated=said.changed,
            caption=outlet.lines["caption"],
        )  # fmt: skip

    def _roundup(self) -> Resource:
        """The feed of somebody who shares what others wrote."""
        now = self.clock()
        rng = random.Random(f"{self.world.seed}shared")
        shared = [one for one in self.world.truth.reports.values() if rng.random() < 0.06 and one.title]
        items = [
            Item(f"share-{one.id}", _marked(self.url(one)), one.title, said_at(one, now).summary, one.paragraphs, "Pat",
                 one.published, one.published)
            for one in shared if one.published <= now
        ][-_SHARED:]  # fmt: skip
        content_type, text = render_feed("atom", Channel(_ROUNDUP_NAME, self.bases[ROUNDUP], "en"), items)
        return Resource(200, content_type, text.encode())


def _marked(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}utm_source=roundup"


def _missing() -> Resource:
    return Resource(404, HTML, b"<html><title>Not found</title><h1>Not found</h1>")


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:7]) or "nota"
