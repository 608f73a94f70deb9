"""The whole site as a function of time: what any outlet answers to a path at a moment."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from benchmarks.world import relays
from benchmarks.world.articles import World
from benchmarks.world.feeds import Channel, Item, render_feed
from benchmarks.world.outlets import Outlet
from benchmarks.world.said import Said, Teaser, said_at
from benchmarks.world.second.feeds import SECOND_KINDS
from benchmarks.world.templates import render_page
from benchmarks.world.truth import Answer, Report

HTML = "text/html"
_LISTED, _FLAWED = 40, 0.5


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
    """Answers for all hosts of the world at `clock()`; `bases` are their addresses by key, without a closing slash."""

    world: World
    clock: Callable[[], datetime]
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        hosts = {key: outlet.host for key, outlet in self.world.outlets.items()}
        self._hosts = {**hosts, **(relays.HOSTS if self.world.is_shared else {})}
        self._keys = {host: key for key, host in self._hosts.items()}
        self.bases = {key: f"http://{host}" for key, host in self._hosts.items()}
        self._by_path = {(report.outlet, self.path(report)): report for report in self.world.truth.reports.values()}
        self._own: dict[str, list[Report]] = {key: [] for key in self.world.outlets}
        for report in self.world.truth.reports.values():
            self._own[report.outlet].append(report)

    @property
    def feeds(self) -> list[tuple[str, str, str]]:
        """Return outlet, feed address and language of every feed to watch."""
        found = [(one.name, self.feed_of(one.key), one.language) for one in self.world.outlets.values()]
        names = relays.NAMES if self.world.is_shared else {}
        return [*found, *((name, self.feed_of(key), "en") for key, name in names.items())]

    def feed_of(self, key: str) -> str:
        return f"{self.bases[key]}/feed"

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
        """Return which report an address leads to, whatever was hung on to it or led there."""
        key = self._keys.get(urlsplit(address).netloc)
        found = re.search(r"\b(r\d{4})\b", address)
        report = self.world.truth.reports.get(found[1]) if found else None
        return report if report and key in (report.outlet, relays.REDIRECTOR) else None

    def answer(self, address: str) -> Resource:
        """Return what is answered now; marks of where a visitor comes from change nothing."""
        parts = urlsplit(re.sub(r"[?&]utm_\w+=.*", "", address))
        key, path = self._keys.get(parts.netloc, ""), parts.path + (f"?{parts.query}" if parts.query else "")
        self.asked[key, path] += 1
        if path == "/robots.txt":
            return Resource(200, "text/plain", b"User-agent: *\nDisallow: /search\n")
        if key in self.world.outlets:
            return self._of_outlet(key, path)
        if key in relays.NAMES and path == "/feed":
            return _relayed(key, self)
        return Resource(200, HTML, relays.interstitial(path).encode()) if key == relays.REDIRECTOR else _missing()

    def _of_outlet(self, key: str, path: str) -> Resource:
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
        return [Teaser(one.title or one.summary, self.url(one.report), one.summary, one.paragraphs) for one in said]

    def _feed(self, outlet: Outlet) -> Resource:
        now = self.clock()
        live = [one for one in self._own[outlet.key] if one.published <= now]
        listed = sorted(live, key=lambda one: said_at(one, now).changed, reverse=True)[:_LISTED]
        channel = Channel(outlet.name, self.bases[outlet.key], outlet.language, outlet.charset)
        items = [self._item(outlet, said_at(one, now)) for one in listed]
        content_type, text = render_feed(outlet.feed, channel, items, SECOND_KINDS)
        charset = "cp1252" if outlet.habit == "latin" and "json" not in content_type else "utf-8"
        return Resource(200, content_type, text.encode(charset, "xmlcharrefreplace"))

    def _item(self, outlet: Outlet, said: Said) -> Item:
        report = said.report
        link = (
            f"{self.bases[outlet.key]}/go/{report.id}" if outlet.feed in outlet.hand.redirecting else self.url(report)
        )
        return Item(
            guid=f"{outlet.key}-{report.id}", link=link, title=said.title, summary=said.summary, paragraphs=said.dated,
            byline=outlet.lines["bylines"][0], published=report.published, updated=said.changed,
            caption=outlet.lines["caption"], page=self.url(report), notice=outlet.lines.get("newsletter", ""),
            appeared=outlet.lines.get("appeared", ""),
        )  # fmt: skip


def _relayed(key: str, site: Site) -> Resource:
    content_type, text = relays.relayed_feed(key, site.world.truth, site.world.seed, site.url, site.clock())
    return Resource(200, content_type, text.encode())


def _missing() -> Resource:
    return Resource(404, HTML, b"<html><title>Not found</title><h1>Not found</h1>")


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:7]) or "nota"
