"""RSS, Atom, RDF and CDF through feedparser, one broken entry never costing its neighbours."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from worker.errors import DocumentError
from worker.feeds import dates, fields
from worker.feeds.defusing import MAX_ENTRIES
from worker.feeds.dialects import MEDIA_TEXT, rewrite
from worker.feeds.entry import FeedEntry, ParsedFeed
from worker.feeds.namespaces import declare_missing
from worker.feeds.pieces import FeedPieces, is_well_formed, take_apart
from worker.feeds.poll_hints import read_hints
from worker.feeds.relations import links_of

# feedparser's handlers let their own mistakes escape; these are the kinds a document can bring about.
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_TITLE = re.compile(r"<title\b[^<>]*>[^<]*</title\s*>", re.IGNORECASE)
_MAX_ATTEMPTS = 200
_PLAIN = {"text/plain", "text", "plain"}
_DATES = ("published", "updated")
_LIKE_ADDRESS = re.compile(r"(?:https?:)?/", re.IGNORECASE)


def read_xml_feed(text: str, url: str) -> ParsedFeed | None:
    """Read defused XML text; None where feedparser finds neither a feed nor entries in it.

    Raises DocumentError `unreadable` where it cannot be read even with every broken entry left out.
    """
    parsed, broken = _parse_whole(rewrite(text))
    feed, entries = parsed.get("feed") or {}, (parsed.get("entries") or [])[:MAX_ENTRIES]
    if not entries and not parsed.get("version") and not feed:
        return None
    details = _dict(dict.get(feed, "title_detail"))
    language = fields.language_tag(dict.get(feed, "language") or details.get("language"))
    link = fields.absolute_url(dict.get(feed, "link"), url)
    stated = [date for entry in entries for name in _DATES if isinstance(date := dict.get(entry, name), str)]
    habit = dates.habit_of(stated, language, link or url)
    return ParsedFeed(
        title=fields.clean_text(dict.get(feed, "title"), fields.MAX_TITLE_BYTES),
        link=link,
        entries=tuple(_entry(entry, fields.base_of(link, url), habit) for entry in entries),
        language=language,
        format=fields.clean_text(parsed.get("version"), fields.MAX_NAME_BYTES),
        hints=read_hints(feed, text),
        troubles=((f"{broken} unreadable entries were left out",) if broken else ()) + dates.troubles(stated, habit),
        links=links_of([(one.get("rel"), one.get("href")) for one in _dicts(dict.get(feed, "links"))], url),
        generator=fields.clean_text(dict.get(feed, "generator"), fields.MAX_NAME_BYTES),
    )


def _parse(text: str) -> Any:
    import feedparser  # 10 MB that a process which reads no feed should not pay

    # Always a stream: feedparser would open a bare string or bytes as a file or an address. No
    # Content-Location either: it would turn a guid into a link, and the guid must survive a move.
    return feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _parse_whole(text: str) -> tuple[Any, int]:
    """Return what feedparser reads, and how many entries had to be left out.

    Where the text is not well-formed, feedparser would guess at all of it, and what one entry leaves open would take
    in the next ones: so well-formed entries are read as such, and each of the others by itself.
    """
    pieces = None
    if not is_well_formed(text):
        text = declare_missing(text)
        pieces = None if is_well_formed(text) else take_apart(text)
    try:
        return _parse_pieces(pieces, pieces.groups()) if pieces else (_parse(text), 0)
    except _FAULTS:
        pieces = take_apart(text)
        if pieces is None:
            raise DocumentError("unreadable", "the feed cannot be read: feedparser fails on it") from None
        return _parse_pieces(pieces, [pieces.entries])


def _parse_pieces(pieces: FeedPieces, groups: Sequence[Sequence[str]]) -> tuple[Any, int]:
    parsed, entries, broken = _parse_around(pieces), list[Any](), 0
    for group in groups:
        found, left_out = _parse_entries(group, pieces)
        entries += found
        broken += left_out
    parsed["entries"] = entries
    return parsed, broken


def _parse_around(pieces: FeedPieces) -> Any:
    """Read the feed's own data, or as much of them as feedparser does not fail on."""
    title = _TITLE.search(pieces.around)
    for text in (pieces.around, pieces.framed([title.group()] if title else []), pieces.framed([])):
        try:
            return _parse(text)
        except _FAULTS:
            continue
    raise DocumentError("unreadable", "the feed cannot be read: feedparser fails on its head")


def _parse_entries(entries: Sequence[str], pieces: FeedPieces) -> tuple[list[Any], int]:
    """Halve the entries until those that make feedparser fail stand alone; return the others, and their number."""
    pending, attempts, broken, found = [(0, len(entries))], 0, 0, list[Any]()
    while pending and attempts < _MAX_ATTEMPTS:
        low, high = pending.pop()
        attempts += 1
        try:
            found += _parse(pieces.framed(entries[low:high]))["entries"]
        except _FAULTS:
            middle = (low + high) // 2
            broken += high - low == 1
            pending += [(middle, high), (low, middle)] if high - low > 1 else []
    return found, broken + sum(high - low for low, high in pending)


def _entry(entry: Any, base: str, habit: dates.DateHabit) -> FeedEntry:
    # dict.get throughout: FeedParserDict.get answers `updated` with `published` where there is none.
    title = fields.clean_text(dict.get(entry, "title"), fields.MAX_TITLE_BYTES)
    summary_detail = _dict(dict.get(entry, "summary_detail"))
    summary = fields.clean_html(dict.get(entry, "summary"), plain=summary_detail.get("type") in _PLAIN)
    summary = summary or fields.clean_html(dict.get(entry, f"media_{MEDIA_TEXT}"), plain=True)
    content = max(map(_content, _dicts(dict.get(entry, "content"))), key=len, default="")
    url = _url(entry, base)
    published, updated = (_date(entry, name, habit) for name in _DATES)
    return FeedEntry(
        title=title,
        url=url,
        id=fields.entry_id(dict.get(entry, "id"), url, title, summary, content, str(published)),
        published=published,
        updated=updated,
        authors=_authors(entry),
        summary=summary,
        content=content,
        language=_language(entry),
    )


def _url(entry: Any, base: str) -> str:
    # Feedburner's own link leads to Feedburner; beside it stands the one it was made from.
    stated = dict.get(entry, "feedburner_origlink") or dict.get(entry, "link")
    # feedparser takes any guid for a link.
    is_guid = dict.get(entry, "guidislink") and stated == dict.get(entry, "id")
    found = fields.absolute_url(stated, base)
    if found and not (is_guid and not _LIKE_ADDRESS.match(str(stated))):
        return found
    # And it passes over alternates of another type than HTML.
    links = [link for link in _dicts(dict.get(entry, "links")) if link.get("rel") == "alternate"]
    urls = (fields.absolute_url(link.get("href"), base) for link in links)
    return next((url for url in urls if url), "")


def _date(entry: Any, name: str, habit: dates.DateHabit) -> Any:
    stated = dict.get(entry, name)
    found = dates.parse_date(stated, habit) if isinstance(stated, str) else None
    # feedparser takes a zone that it does not know for UTC, and knows the dates of a few more languages.
    numbers = dict.get(entry, f"{name}_parsed") if found is None else None
    return dates.from_numbers(tuple(numbers)) if numbers is not None else found


def _authors(entry: Any) -> tuple[str, ...]:
    stated = _dicts(dict.get(entry, "authors"))
    names = [author.get("name") or author.get("email") for author in stated]
    alone = dict.get(entry, "author")
    # RSS has mail addresses here, and feedparser takes "mail@host.museum (Name)" apart in the wrong place.
    if isinstance(alone, str) and (len(stated) < 2 or not any(names)):
        names = [fields.person_name(alone)]
    return fields.author_names([name for name in names if isinstance(name, str)])


def _language(entry: Any) -> str | None:
    details = [_dict(dict.get(entry, name)) for name in ("title_detail", "summary_detail")]
    stated = [dict.get(entry, "language"), *(detail.get("language") for detail in details)]
    return next((tag for tag in map(fields.language_tag, stated) if tag), None)


def _content(content: dict[str, Any]) -> str:
    return fields.clean_html(content.get("value"), plain=content.get("type") in _PLAIN)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
