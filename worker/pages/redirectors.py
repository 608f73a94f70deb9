"""Addresses of redirectors: search alerts, caches and clicked links, in which the page's own address stands."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_DEEPEST = 3  # an alert may lead to a cache, which leads to a page
# Copies that search engines keep.
_AMP_CACHE = re.compile(
    r"https?://(?:(?:www\.)?google\.[a-z.]+/amp|[\w-]+\.cdn\.ampproject\.org/(?:[cvi]|ii/\w+))/(s/)?([^/?#]+\..*)",
    re.IGNORECASE,
)
# Host, path, and the parameters one of which holds the address.
_BY_PARAMETER = tuple(
    (re.compile(host, re.IGNORECASE), re.compile(path, re.IGNORECASE), names)
    for host, path, names in (
        (r"(?:www\.|news\.)?google\.[a-z.]{2,6}", r"/(?:url|imgres|news/url)", ("url", "q", "imgrefurl")),
        (r"(?:www\.|cn\.)?bing\.com", r"/(?:news/apiclick\.aspx|ck/a|alink/.*)", ("url", "u", "target")),
        (r"(?:\w+\.)*(?:facebook|instagram|messenger)\.com", r"/l\.php|/flx/warn/", ("u",)),
        (r"(?:www\.|html\.|lite\.)?duckduckgo\.com", r"/l/", ("uddg",)),
        (r"(?:\w+\.)?safelinks\.protection\.outlook\.com", r".*", ("url",)),
        (r"(?:www\.)?youtube\.com", r"/redirect", ("q",)),
        (r"(?:www\.)?linkedin\.com", r"/redir/redirect|/safety/go", ("url",)),
        (r"out\.reddit\.com|t\.umblr\.com|vk\.com|away\.vk\.com", r".*", ("url", "z", "to")),
        (r"(?:\w+\.)*yandex\.[a-z]{2,3}", r"/clck/.*|/redir.*", ("url", "u")),
        (r"(?:\w+\.)*(?:search\.)?yahoo\.com", r"/r/.*|/click.*|/search/srpcache", ("u", "url", "RU")),
    )
)
# Yahoo's searches and alerts: the address stands in the path, after RU= or an asterisk.
_IN_PATH = re.compile(
    r"https?://(?:[\w-]+\.)*yahoo\.com/[^?#]*?(?:/RU=|/\*\*?)(?P<address>https?(?::|%3a)\S*?)(?=/R[KS]=|$)",
    re.IGNORECASE,
)
# The older form of Google News's links: a message of a few bytes around the address.
_NEWS_PATH = re.compile(r"/(?:rss/|__i/rss/rd/)?articles/(?P<message>[\w-]{20,})", re.IGNORECASE)
_ADDRESS = re.compile(rb"https?://[!-~]+")


def unwrap(url: str) -> str:
    """The address a redirector leads to, where it can be read from its own; any other address as it is."""
    for _ in range(_DEEPEST):
        following = _unwrap_once(url)
        if following == url:
            break
        url = following
    return url


def _unwrap_once(url: str) -> str:
    if cached := _AMP_CACHE.fullmatch(url):
        return f"{'https' if cached[1] else 'http'}://{cached[2]}"
    if found := _IN_PATH.match(url):
        return _believable(unquote(found["address"])) or url
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url
    if host == "news.google.com" and (news := _NEWS_PATH.match(parts.path)):
        return _believable(_in_message(news["message"])) or url
    return _in_parameter(parts, host) or url


def _in_parameter(parts: SplitResult, host: str) -> str:
    for hosts, paths, names in _BY_PARAMETER:
        if hosts.fullmatch(host) and paths.fullmatch(parts.path):
            try:
                values = parse_qs(parts.query, max_num_fields=100)
            except ValueError:
                return ""
            given = (values[name][0] for name in names if name in values)
            return next((address for value in given if (address := _believable(_plain(value)))), "")
    return ""


def _plain(value: str) -> str:
    """Bing writes "a1" and the address in base 64."""
    if value.startswith("a1") and "://" not in value:
        return _in_message(value[2:])
    return unquote(value) if re.match(r"https?%3a", value, re.IGNORECASE) else value


def _in_message(message: str) -> str:
    try:
        found = _ADDRESS.search(urlsafe_b64decode(message[:4000] + "=" * (-len(message[:4000]) % 4)))
    except ValueError:
        return ""
    return found[0].decode("ascii") if found else ""


def _believable(address: str) -> str:
    """The address, where it is one of a page with a host of its own."""
    try:
        parts = urlsplit(address.strip())
        return address.strip() if parts.scheme in ("http", "https") and "." in (parts.hostname or "") else ""
    except ValueError:
        return ""
