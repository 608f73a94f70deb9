"""What a document is related to, by the relations of RFC 8288: as an HTTP header says it, or the document itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from worker.feeds.fields import absolute_url

_LONGEST = 8_000  # characters of a header
_MOST = 50  # links of a document
_PARAMETER = r"\s*;\s*[\w!#$&+.^`|~*-]{1,60}(?:\s*=\s*(?:\"[^\"]{0,1000}\"|[^\s\",;]{0,1000}))?"
_LINK = re.compile(rf"<([^<>]{{1,4096}})>((?:{_PARAMETER})*)")
_RELATION = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]*))", re.IGNORECASE)


class Link(NamedTuple):
    """A related document: its relation in small letters, and its absolute address."""

    relation: str
    url: str


def read_link_header(header: str, base: str) -> tuple[Link, ...]:
    """Read the values of `Link` headers, joined by commas; a link with several relations stands for each of them."""
    found = []
    for address, parameters in _LINK.findall(header[:_LONGEST]):
        stated = _RELATION.search(parameters)
        relations = (stated[1] or stated[2] or "").lower().split() if stated else []
        url = absolute_url(address, base)
        found += [Link(relation, url) for relation in relations if url]
    return tuple(found[:_MOST])


def links_of(stated: Iterable[tuple[Any, Any]], base: str) -> tuple[Link, ...]:
    """Return the links that a document states as pairs of relation and address; those that are none are left out."""
    links = (
        Link(relation.strip().lower(), absolute_url(address, base))
        for relation, address in stated
        if isinstance(relation, str)
    )
    return tuple(link for link in links if link.relation and link.url)[:_MOST]
