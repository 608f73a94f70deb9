"""Which feeds an HTML page points to, and where feeds usually are."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from worker.feeds.encoding import decode_document
from worker.feeds.fields import MAX_NAME_BYTES, absolute_url, clean_text

MAX_FEEDS = 20

_MAX_READ = 1_048_576  # heads come first; what links to its feed links early or in a footer of a sane page
_FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/xml",
    "text/xml",
    "text/rss+xml",
    "text/atom+xml",
}
_PLAUSIBLE = re.compile(
    r"(?:^|/)(?:feeds?|rss2?|atom)(?:/|$|\.(?:xml|php|aspx?|json)$)|\.(?:rss|atom|rdf)$|(?:feed|rss|atom|index)[\w-]*\.xml$",
    re.IGNORECASE,
)
_PLAUSIBLE_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|alt|output)=(?:rss2?|atom|feed|rdf)\b", re.IGNORECASE)
# Where publishing programs put their feeds (WordPress and Ghost, Drupal, Hugo and Jekyll, Blogger), and people by hand.
_BELOW = ("feed", "rss")
_AT_ROOT = (*_BELOW, "rss.xml", "feed.xml", "atom.xml", "index.xml", "feeds/posts/default", "feed.json", "?feed=rss2")
_REFRESH = re.compile(r"[\s\d.]*[;,]?\s*(?:url\s*=)?[\s\"']*([^\"']*)", re.IGNORECASE)
_PARTS = 50  # of a link, as far as its text is read
_LONGEST_REFRESH = 4_000
_NAMED = ["base", "link", "a"]  # a tree of all the others costs seconds
_COMMENTS = re.compile(r"comment|coment|kommentar", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed a page points to; `type` is its announced media type, empty for a mere link."""

    url: str
    title: str
    type: str = ""


def find_feeds(html: bytes, url: str) -> tuple[FeedLink, ...]:
    """Find the feeds a page announces (`<link rel=alternate>`), then plausible links, at most 20.

    Feeds of comments come last; `url` is the page's own address. Any bytes are fine; none is an error.
    """
    from bs4 import BeautifulSoup  # 15 MB that a process which reads no page should not pay
    from bs4.filter import SoupStrainer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on input that looks like XML or a file name
        soup = BeautifulSoup(decode_document(html[:_MAX_READ]).text, "lxml", parse_only=SoupStrainer(_NAMED))
    tag = soup.find("base", href=True)
    base = absolute_url(_attribute(tag, "href"), url) or url
    announced = [link for element in soup.find_all("link") if (link := _announced(element, base))]
    linked = [link for element in soup.find_all("a", href=True) if (link := _linked(element, base))]
    distinct: dict[str, FeedLink] = {}
    for link in [*announced, *linked]:
        distinct.setdefault(link.url, link)
    ordered = sorted(distinct.values(), key=lambda link: bool(_COMMENTS.search(link.url + link.title)))
    return tuple(ordered[:MAX_FEEDS])


def find_refresh(html: bytes, url: str) -> str:
    """Return where a page sends its visitors by itself (`<meta http-equiv=refresh>`); empty where it does not."""
    from bs4 import BeautifulSoup
    from bs4.filter import SoupStrainer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(decode_document(html[:_MAX_READ]).text, "lxml", parse_only=SoupStrainer(["base", "meta"]))
    base = absolute_url(_attribute(soup.find("base", href=True), "href"), url) or url
    for element in soup.find_all("meta", content=True):
        if _attribute(element, "http-equiv").strip().lower() == "refresh":
            said = _REFRESH.match(_attribute(element, "content")[:_LONGEST_REFRESH])
            target = absolute_url(said[1] if said else "", base)
            return "" if target == url else target
    return ""


def usual_places(url: str) -> tuple[str, ...]:
    """Return where a site has its feed when it does not say so: below the page's own address, then at its root."""
    page = urlsplit(url)._replace(query="", fragment="").geturl().removesuffix("/")
    below = [urljoin(f"{page}/", place) for place in _BELOW]
    at_root = [urljoin(url, f"/{place}") for place in _AT_ROOT]
    return tuple(address for address in dict.fromkeys((*below, *at_root)) if address != url)


def _announced(element: Any, base: str) -> FeedLink | None:
    relations = _attribute(element, "rel").lower().split()
    media_type = _attribute(element, "type").partition(";")[0].strip().lower()
    address = absolute_url(_attribute(element, "href"), base)
    if not address or not announces_feed(relations, media_type, address):
        return None
    return FeedLink(address, _title(_attribute(element, "title")), media_type or "application/xml")


def announces_feed(relations: Collection[str], media_type: str, address: str) -> bool:
    """Whether a link, of a page or of a Link header, says that a feed is there; all in lower case but the address."""
    # WordPress announces its API as application/json, so JSON counts only where the address agrees.
    json = media_type == "application/json" and is_feed_like(address)
    return "feed" in relations or ("alternate" in relations and (media_type in _FEED_TYPES or json))


def _linked(element: Any, base: str) -> FeedLink | None:
    address = absolute_url(_attribute(element, "href"), base)
    return FeedLink(address, _title(_text(element))) if address and is_feed_like(address) else None


def _text(element: Any) -> str:
    """What the element says, from its first parts: links never closed have all that follows them within."""
    ahead, said = [element], []
    for _ in range(_PARTS):
        if not ahead:
            break
        part = ahead.pop()
        if isinstance(part, str):
            said.append(part)
        else:
            ahead += reversed(part.contents[:_PARTS])
    return " ".join(said)


def is_feed_like(url: str) -> bool:
    """Whether an address looks like a feed's; a sitemap's does not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if "sitemap" in parts.path.lower():
        return False
    return bool(_PLAUSIBLE.search(parts.path) or _PLAUSIBLE_QUERY.search(parts.query))


def _title(text: str) -> str:
    return clean_text(" ".join(text.split()), MAX_NAME_BYTES)


def _attribute(element: Any, name: str) -> str:
    value = element.get(name) if element is not None else None
    return " ".join(value) if isinstance(value, list) else value or ""
