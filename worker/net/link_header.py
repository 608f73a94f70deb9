"""What an answer's Link header points to (RFC 8288): feeds that a page announces, hubs that a feed names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from worker.errors import FetchError
from worker.net.web_address import WebAddress, follow

_MOST_LINKS = 50
_LINK = re.compile(r"<([^<>]*)>([^<]*)")


@dataclass(frozen=True, slots=True)
class HeaderLink:
    """One link. `url` is absolute; `rel` holds the relations, in lower case and parted by blanks."""

    url: str
    rel: str
    type: str = ""
    title: str = ""


def read_links(fields: Iterable[str], base: WebAddress) -> tuple[HeaderLink, ...]:
    """Return the links of these header fields in their order, at most fifty; those that lead nowhere are left out."""
    found = (match for value in fields for match in _LINK.finditer(value))
    return tuple(link for match in islice(found, _MOST_LINKS) if (link := _link(match[1], match[2], base)))


def _link(target: str, rest: str, base: WebAddress) -> HeaderLink | None:
    stated: dict[str, str] = {}
    for part in rest.split(";")[1:]:
        name, _, value = part.partition("=")
        stated.setdefault(name.strip().lower(), value.strip(' \t",'))  # the first counts (RFC 8288, 3.3)
    try:
        url = follow(base, target).url
    except FetchError:
        return None
    relations = " ".join(stated.get("rel", "").lower().split())
    return HeaderLink(url, relations, stated.get("type", "").lower(), stated.get("title", ""))
