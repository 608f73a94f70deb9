"""Where a digest's links lead: its own, and the only kinds of foreign URL it lets through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

URL_LIMIT = 2000
"""Longer URLs are shown unlinked: browsers and mail clients begin to cut them about here."""

_INVISIBLE_IN_URL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "%/:?@!$&'()*+,;=~"  # RFC 3986 reserved characters, without the "[", "]" and "#" a URL may hold once


@dataclass(frozen=True, slots=True)
class DigestLinks:
    """Where a digest's own links lead, and who sends it. URLs are absolute or empty (then left out).

    `more` leads to the stories that were cut to keep the length, `archive` to the whole digest, `past` to the list of
    all that the subscriber has had, and `first`, on a further page of the archive, back to its first one.
    `sender` is "Name <address>" or an address; `message_id` comes from `message_id()`; `feedback` gives
    for a story's id its two URLs, "relevant" and "not relevant", `mute` the one where it or an outlet is muted, and
    `whole` the one where all of it stands.
    `feedback_id` is the whole Feedback-ID value, without any part that differs per recipient.
    """

    sender: str
    list_id: str
    message_id: str
    archive: str = ""
    more: str = ""
    manage: str = ""
    unsubscribe: str = ""
    unsubscribe_mailto: str = ""
    postal_address: str = ""
    past: str = ""
    first: str = ""
    feedback: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    mute: Mapping[int, str] = field(default_factory=dict)
    whole: Mapping[int, str] = field(default_factory=dict)
    feedback_id: str = ""


@lru_cache(maxsize=4096)  # the same articles are linked for every subscriber
def safe_href(url: str) -> str:
    """`url` as an ASCII http(s) URL for a link, or "" where no link should be made.

    Refused: other schemes, relative URLs, ill-formed hosts and ports, user names before the host (they
    serve to disguise it), and anything longer than URL_LIMIT once escaped. What RFC 3986 does not allow
    in its place, blanks among it, is percent-encoded, so the value needs no more than HTML escaping.
    """
    if len(url) > URL_LIMIT:
        return ""
    try:
        parts = urlsplit(_INVISIBLE_IN_URL.sub("", url.strip()))
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return ""
    netloc = _ascii_host(host, port)
    path, query, fragment = (_escape(part) for part in (parts.path, parts.query, parts.fragment))
    href = urlunsplit((parts.scheme, netloc, path, query, fragment)) if netloc else ""
    return href if len(href) <= URL_LIMIT else ""


def _ascii_host(host: str, port: int | None) -> str:
    if ":" in host:
        name = f"[{host}]"
    else:
        try:
            name = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    if re.search(r"[^A-Za-z0-9.\-_:\[\]]", name):
        return ""
    return name if port is None else f"{name}:{port}"


def _escape(part: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", part), safe=_SAFE, errors="replace")
