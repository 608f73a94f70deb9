"""What publishers write and feedparser takes for something else, rewritten as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from worker.feeds.defusing import root_name
from worker.feeds.sections import hide_sections

MEDIA_TEXT = "caption"
"""What `media:description` is called when it has been rewritten; no name of Media RSS."""

_ATOM = "http://www.w3.org/2005/Atom"
_LONGEST_NAME = 500  # characters of a person's name: feedparser takes time by the square of their number
_PREFIX = r"[A-Za-z_][\w.-]{0,30}"
# A module's namespace without a prefix: feedparser would take every element for one of that module.
_MODULE_AS_DEFAULT = re.compile(
    r"<(?:rss|feed|channel|item|entry)(?=\s)[^<>]{0,4000}?"
    r"(?P<declared>\sxmlns\s*=\s*[\"'](?P<uri>https?://(?:purl\.org/(?:rss/1\.0/modules|dc|syndication)/|"
    r"search\.yahoo\.com/mrss|www\.itunes\.com/|www\.georss\.org/|wellformedweb\.org/|rssnamespace\.org/)[^\"'<>]{0,200})[\"'])",
    re.IGNORECASE,
)
_MEDIA_PREFIX = re.compile(
    rf"\sxmlns:({_PREFIX})\s*=\s*[\"']\s*https?://search\.yahoo\.com/mrss/?\s*[\"']", re.IGNORECASE
)
_EMPTY_LINK = re.compile(r"<link\s*/>|<link\s*>(?P<inside>\s*(?:\]\]>\s*)?)</link\s*>", re.IGNORECASE)
_SECTION_MARKS = re.compile(r"<!\[CDATA\[|\]\]>")
_ENTRY = re.compile(r"<item[\s>]", re.IGNORECASE)
_OWN_LINK = re.compile(r"<link\s*>[^<>]*[^<>\s][^<>]*</link\s*>", re.IGNORECASE)
_OTHER_LINK = re.compile(rf"<{_PREFIX}:link\s[^<>]*>", re.IGNORECASE)
_OTHER_RELATION = re.compile(r"\srel\s*=\s*[\"'](?!\s*alternate)", re.IGNORECASE)
_NAME = re.compile(
    rf"<(?:{_PREFIX}:)?(?:author|creator|contributor|publisher|managingEditor|webMaster|owner|name|email)(?:\s[^<>]*)?>"
    rf"(?P<kept>\s*(?:<!\[CDATA\[)?[^<\]]{{{_LONGEST_NAME}}})(?P<rest>[^<\]]+)",
    re.IGNORECASE,
)
_HALF_REFERENCE = re.compile(r"&[^&;\s]{0,10}\Z")


class _Edit(NamedTuple):
    start: int
    end: int
    replacement: str


def rewrite(text: str) -> str:
    """Return defused XML text in which feedparser finds what its publisher meant.

    - A module's namespace that is declared as the default is none.
    - `media:description`, the caption of a picture, never takes the place of the entry's own text (`MEDIA_TEXT`).
    - A `link` of nothing is no link, so that a guid can be it.
    - An Atom link beside an RSS item's own `link` does not replace it.
    - Names of persons have an end.
    """
    tags = hide_sections(text)
    edits = [*_namespaces(tags), *_captions(tags), *_empty_links(text, tags), *_other_links(text, tags), *_names(text)]
    return _apply(text, edits)


def _namespaces(tags: str) -> Iterator[_Edit]:
    for found in _MODULE_AS_DEFAULT.finditer(tags):
        of_atom = found.group().lower().startswith("<feed")
        yield _Edit(*found.span("declared"), f' xmlns="{_ATOM}"' if of_atom else "")


def _captions(tags: str) -> Iterator[_Edit]:
    for prefix in {"media", *(found[1] for found in _MEDIA_PREFIX.finditer(tags))}:
        # Its attributes go: of an element that feedparser does not know it keeps them, or else the text.
        for found in re.finditer(rf"<(/?){re.escape(prefix)}:description(?=[\s/>])[^<>]*?(/?)>", tags):
            yield _Edit(*found.span(), f"<{found[1]}{prefix}:{MEDIA_TEXT}{found[2]}>")


def _empty_links(text: str, tags: str) -> Iterator[_Edit]:
    for found in _EMPTY_LINK.finditer(tags):
        inside = text[found.start("inside") : found.end("inside")] if found["inside"] is not None else ""
        if not _SECTION_MARKS.sub("", inside).strip():
            yield _Edit(*found.span(), "")


def _other_links(text: str, tags: str) -> Iterator[_Edit]:
    if root_name(tags) not in ("rss", "rdf", "channel") or not _OTHER_LINK.search(tags):
        return
    starts = [found.start() for found in _ENTRY.finditer(tags)]
    for start, end in pairwise([*starts, len(text)]):
        others = [
            found for found in _OTHER_LINK.finditer(tags, start, end) if not _OTHER_RELATION.search(found.group())
        ]
        if others and _OWN_LINK.search(_SECTION_MARKS.sub("", text[start:end])):
            yield from (_Edit(*found.span(), "") for found in others if found.group().endswith("/>"))


def _names(text: str) -> Iterator[_Edit]:
    for found in _NAME.finditer(text):
        half = _HALF_REFERENCE.search(text, found.start("kept"), found.end("kept"))
        yield _Edit(half.start() if half else found.start("rest"), found.end("rest"), "")


def _apply(text: str, edits: Iterable[_Edit]) -> str:
    parts: list[str] = []
    written = 0
    for edit in sorted(edits):
        if edit.start < written:
            continue
        parts += [text[written : edit.start], edit.replacement]
        written = edit.end
    return "".join([*parts, text[written:]])
