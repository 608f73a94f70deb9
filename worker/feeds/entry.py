"""What a feed document says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from worker.feeds.relations import Link


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry as its feed states it.

    `title` may hold markup, as published; `url` is absolute (http or https) or empty; `id` is the
    feed's own identifier or, where it gives none, the link or a hash of the content, so it is never
    empty. Dates are aware UTC and as stated, the year 1 of some publishing systems too: see `within_reason`.
    `summary` and `content` are HTML fragments and not to be trusted.
    """

    title: str
    url: str
    id: str
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    summary: str = ""
    content: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PollHints:
    """How often the feed itself asks to be polled (RSS `ttl`, `skipHours`, `skipDays`, `sy:update*`).

    Hours count 0-23 in UTC, days 0-6 from Monday.
    """

    ttl: timedelta | None = None
    update_every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A whole feed document. `troubles` are one-line remarks on what had to be repaired or left out.

    `truncated` says that entries are missing: the document ends early, or held more than are read. `links` are those of
    the document itself (hubs, older pages), `generator` is what it says it was made with, `times` when the sitemaps
    have changed that it names.
    """

    title: str
    link: str
    entries: tuple[FeedEntry, ...]
    language: str | None = None
    format: str = ""
    hints: PollHints = field(default_factory=PollHints)
    troubles: tuple[str, ...] = ()
    truncated: bool = False
    links: tuple[Link, ...] = ()
    generator: str = ""
    times: tuple[datetime, ...] = ()
