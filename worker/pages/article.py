"""What a page says once it has been read, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PageKind(StrEnum):
    """What a page turned out to be."""

    ARTICLE = "article"
    PARTIAL = "partial"  # a paywall stub, a truncated page: less than the story
    NOT_AN_ARTICLE = "not_an_article"  # empty, login wall, index page, binary…


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A line of boilerplate, with the name of the rule that took it out."""

    line: str
    rule: str


@dataclass(frozen=True, slots=True)
class CleanText:
    """Text without boilerplate: paragraphs apart by one blank line, and everything that was taken out."""

    text: str
    removed: tuple[RemovedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """What is known of one site: lines that recur on its pages, and those of this page that tell of its other articles
    (both as `normalize_line` makes them), and CSS selectors a person set."""

    host: str
    boilerplate: frozenset[str] = frozenset()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    teasers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The kind of container that held most of the text, and the lines (normalised) that stood outside of it."""

    template: str = ""
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ExtractedArticle:
    """An article as read from a page or from a feed's own content.

    `reason` says in one line why `kind` is not "article". `language` is an ISO 639-1 code. Dates
    are aware UTC and never later than the `now` handed to the extraction.
    """

    kind: PageKind
    title: str
    text: str
    reason: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    canonical_url: str | None = None
    image: str | None = None
    section: str | None = None
    site_name: str = ""
    removed: tuple[RemovedLine, ...] = ()
    layout: PageLayout = PageLayout()
