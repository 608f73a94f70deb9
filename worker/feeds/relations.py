"""What a document is related to (RFC 8288): hubs, older pages, itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from worker.feeds.fields import absolute_url

_MOST = 50  # links of a document


class Link(NamedTuple):
    """A related document: one relation, in small letters, and its absolute address."""

    relation: str
    url: str


def links_of(stated: Iterable[tuple[Any, Any]], base: str) -> tuple[Link, ...]:
    """Return the links that are stated as pairs of relations and address; those that are none are left out."""
    links = (
        Link(relation, absolute_url(address, base))
        for relations, address in stated
        if isinstance(relations, str)
        for relation in relations.lower().split()
    )
    return tuple(link for link in links if link.url)[:_MOST]
