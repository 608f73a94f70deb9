"""What an HTTP fetch gives back, as plain values, and the shape of whatever does the fetching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from worker.net.link_header import HeaderLink


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchedResource:
    """A body that was had. `url` is where it was found after redirects; `moved_to` is how far the permanent ones
    led, before any other.

    `body` is decoded from its content encoding and bounded; `max_age` is how long the server says it stays
    fresh; `links` are those of its Link header.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    validators: Validators
    moved_to: str | None = None
    max_age: timedelta | None = None
    elapsed: timedelta = timedelta()
    links: tuple[HeaderLink, ...] = ()


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that what we have is what there is."""

    url: str
    validators: Validators
    moved_to: str | None = None
    max_age: timedelta | None = None
    elapsed: timedelta = timedelta()


class Fetcher(Protocol):
    """Gets one URL within its bounds, or raises `FetchError`.

    `accept` is the Accept header; `headers` are one feed's own (authorization, cookies) and go only to
    the origin that was asked for, never along a redirect to another.
    """

    def fetch(
        self,
        url: str,
        validators: Validators | None = None,
        *,
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> FetchedResource | NotModified: ...
