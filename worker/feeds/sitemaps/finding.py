"""Where a site says it has sitemaps, and which of an index are worth watching."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from worker.feeds.fields import absolute_url

USUAL_PLACES = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap.xml", "/sitemap_index.xml")
"""Where sites have them that do not say so, on the host itself."""

MOST_FOLLOWED = 3
"""Sitemaps of an index that are watched."""

MOST_LEVELS = 2
"""Indexes above a sitemap: one within another is in use, more are a trap."""

_MOST_LINES = 50
_LONGEST_FILE = 512_000  # bytes, as for robots.txt everywhere (RFC 9309, 2.5)
_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*([^\s#]\S*)", re.IGNORECASE | re.MULTILINE)
_OF_NEWS = re.compile(r"news|noticia|notizi|nachricht|actualit|latest|recent|ultim|breaking", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SitemapLink:
    """What a sitemap or an index names, when it changed last, if it says so, and what a news sitemap calls it."""

    url: str
    changed: datetime | None = None
    title: str = ""


def sitemap_lines(robots: bytes, url: str) -> tuple[str, ...]:
    """Return the addresses on the `Sitemap:` lines of a robots.txt from `url`, those of news first; fifty at most."""
    text = robots[:_LONGEST_FILE].decode("utf-8", "replace")
    stated = (absolute_url(address, url) for address in _LINE.findall(text))
    found = list(dict.fromkeys(address for address in stated if address))
    return tuple(sorted(found, key=lambda address: not is_of_news(address))[:_MOST_LINES])


def is_of_news(url: str) -> bool:
    """Whether a sitemap's address says that it is of news."""
    return bool(_OF_NEWS.search(urlsplit(url).path))


def choose_sitemaps(links: Iterable[SitemapLink]) -> tuple[str, ...]:
    """Return those of an index that are worth watching: those of news if any say so, the newest first; at most three.

    Without a date the one with the highest numbers is the newest, as in sitemap-2026-11.xml.
    """
    distinct = list({link.url: link for link in links if link.url}.values())
    of_news = [link for link in distinct if is_of_news(link.url)]
    newest = sorted(of_news or distinct, key=lambda link: (link.changed or _NEVER, _numbers(link.url)), reverse=True)
    return tuple(link.url for link in newest[:MOST_FOLLOWED])


def is_rotated(url: str) -> bool:
    """Whether a sitemap's address is of a time or a number, so that another will take its place."""
    return bool(_NUMBER.search(urlsplit(url).path))


def _numbers(url: str) -> tuple[int, ...]:
    return tuple(int(number[:18]) for number in _NUMBER.findall(urlsplit(url).path)[:10])
