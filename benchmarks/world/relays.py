"""Feeds that lead to what others published: a roundup's links carry its mark, an alert's links count clicks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from urllib.parse import parse_qs, quote, urlsplit

from benchmarks.world.feeds import Channel, Item, render_feed
from benchmarks.world.truth import Label, Report, Truth

ROUNDUP, ALERTS, REDIRECTOR = "roundup", "alerts", "redirector"
"""Keys of the two feeds' sites, and of the host over which the alert's links lead."""
HOSTS = {ROUNDUP: "morning-roundup.example", ALERTS: "alerts.example", REDIRECTOR: "www.google.com"}
NAMES = {ROUNDUP: "Morning Roundup", ALERTS: "Alert - Mexico migration"}

_LISTED, _SHARES = 30, {Label.YES: 0.12, Label.BORDERLINE: 0.08, Label.NO: 0.04}


def relayed_feed(key: str, truth: Truth, seed: int, url: Callable[[Report], str], now: datetime) -> tuple[str, str]:
    """Return content type and text of that feed; `url` says where a report stands."""
    rng = random.Random(f"{seed}{key}")
    chosen = [one for one in truth.reports.values() if one.title and rng.random() < _SHARES[one.label]]
    listed = [one for one in chosen if one.published <= now][-_LISTED:]
    channel = Channel(NAMES[key], f"http://{HOSTS[key]}", "en")
    return render_feed("atom" if key == ROUNDUP else "atom_full", channel, list(_items(key, listed, url)))


def _items(key: str, reports: Sequence[Report], url: Callable[[Report], str]) -> list[Item]:
    link = _marked if key == ROUNDUP else _counted
    title = str if key == ROUNDUP else _emphasised
    return [
        Item(f"{key}-{one.id}", link(url(one)), title(one.title), _snippet(one), (_snippet(one),), "Pat", one.published,
             one.published)
        for one in reports
    ]  # fmt: skip


def interstitial(path: str) -> str:
    """Return the page of the redirector, which sends browsers on by script."""
    target = parse_qs(urlsplit(path).query).get("url", [""])[0]
    refresh = f'<noscript><META http-equiv="refresh" content="0;URL=\'{escape(target)}\'"></noscript>'
    return f'<html><head><script>window.location.replace("{escape(target)}")</script>{refresh}</head></html>'


def _snippet(report: Report) -> str:
    return " ".join(report.text.split()[:24]) + " ..."


def _marked(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}utm_source=roundup"


def _counted(url: str) -> str:
    return f"http://{HOSTS[REDIRECTOR]}/url?rct=j&sa=t&url={quote(url, safe='')}&ct=ga&cd=CAIyGjA&usg=AOvVaw2"


def _emphasised(title: str) -> str:
    """Return the headline with the words of the alert's query set bold, as markup."""
    return re.sub(r"(?i)\b(mexic\w*|méxic\w*|migra\w*|asylum|asilo)", r"<b>\1</b>", title)
