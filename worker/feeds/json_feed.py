"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from worker.errors import DocumentError
from worker.feeds import dates, fields
from worker.feeds.defusing import MAX_ENTRIES
from worker.feeds.entry import FeedEntry, ParsedFeed
from worker.feeds.json_salvage import salvage_items
from worker.feeds.relations import Link, links_of

_DATES = ("date_published", "date_modified")
_FEED_KEYS = frozenset({"home_page_url", "feed_url"})


def read_json_feed(text: str, url: str) -> ParsedFeed:
    """Read the text of a JSON Feed; where it is broken or cut short, the items that are whole.

    Raises DocumentError: `unreadable` for broken JSON, `not_a_feed` for JSON of another kind.
    """
    try:
        document, broken = json.loads(text, strict=False), False
    except (ValueError, RecursionError) as fault:
        document, broken = salvage_items(text), True
        if not document or not _is_json_feed(document):
            raise DocumentError("unreadable", f"broken JSON: {str(fault)[:120]}") from fault
    if not isinstance(document, dict) or not _is_json_feed(document):
        raise DocumentError("not_a_feed", f"JSON, but no JSON Feed: {_described(document)}")
    items = [item for item in _list(document.get("items")) if isinstance(item, dict)]
    link, language = (
        fields.absolute_url(document.get("home_page_url"), url), fields.language_tag(document.get("language"))
    )  # fmt: skip
    stated = [str(item[name]) for item in items for name in _DATES if item.get(name)]
    habit = dates.habit_of(stated, language, link or url)
    return ParsedFeed(
        title=fields.clean_text(document.get("title"), fields.MAX_TITLE_BYTES),
        link=link,
        entries=tuple(_entry(item, document, fields.base_of(link, url), habit) for item in items[:MAX_ENTRIES]),
        language=language,
        format="json11" if "1.1" in str(document.get("version"))[:100] else "json10",
        troubles=("broken JSON: what could not be read was left out",) * broken
        + _troubles(document, len(items))
        + dates.troubles(stated, habit),
        truncated=broken or len(items) > MAX_ENTRIES,
        links=_links(document, url),
    )


def _links(document: dict[str, Any], url: str) -> tuple[Link, ...]:
    """What version 1.1 has for what other formats say by relations."""
    hubs = [("hub", hub.get("url")) for hub in _list(document.get("hubs")) if isinstance(hub, dict)]
    return links_of([("self", document.get("feed_url")), ("next", document.get("next_url")), *hubs], url)


def _is_json_feed(document: dict[str, Any]) -> bool:
    version = document.get("version")
    named = isinstance(version, str) and "jsonfeed.org" in version
    # Some write the number alone; then what only a JSON Feed has beside it decides.
    numbered = str(version) in ("1", "1.0", "1.1") and not document.keys().isdisjoint(_FEED_KEYS)
    return isinstance(document.get("items"), list) and (named or numbered)


def _described(document: object) -> str:
    """Say in a line what was found instead; error answers name their error."""
    if not isinstance(document, dict):
        return f"a {type(document).__name__}"
    for key in ("error", "message", "detail"):
        stated = document.get(key)
        stated = stated.get("message") if isinstance(stated, dict) else stated
        if isinstance(stated, str):
            return f"it says {' '.join(fields.clean_text(stated, 120).split())!r}"
    return "its keys are " + (", ".join(repr(key[:30]) for key in list(document)[:5]) or "none")


def _troubles(document: dict[str, Any], items: int) -> tuple[str, ...]:
    troubles = []
    if ignored := len(document["items"]) - items:
        troubles.append(f"{ignored} items that are no objects were left out")
    if items > MAX_ENTRIES:
        troubles.append(f"{items - MAX_ENTRIES} entries beyond the first {MAX_ENTRIES:,} were left out")
    return tuple(troubles)


def _entry(item: dict[str, Any], feed: dict[str, Any], base: str, habit: dates.DateHabit) -> FeedEntry:
    title = fields.clean_text(item.get("title"), fields.MAX_TITLE_BYTES)
    url = fields.absolute_url(item.get("url"), base) or fields.absolute_url(item.get("external_url"), base)
    summary = fields.clean_html(item.get("summary"), plain=True)
    content = fields.clean_html(item.get("content_html"))
    content = content or fields.clean_html(item.get("content_text"), plain=True)
    published = _date(item.get("date_published"), habit)
    stated = item.get("id")
    # Version 1.1 asks readers to take a number for the string it should have been.
    number = isinstance(stated, int | float) and not isinstance(stated, bool)
    return FeedEntry(
        title=title,
        url=url or fields.absolute_url(stated, ""),
        id=fields.entry_id(str(stated) if number else stated, url, title, summary, content, str(published)),
        published=published,
        updated=_date(item.get("date_modified"), habit),
        authors=_authors(item) or _authors(feed),
        summary=summary,
        content=content,
        language=fields.language_tag(item.get("language")),
    )


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    stated = [author for name in ("authors", "author") for author in _list_or_one(holder.get(name))]
    names = [author.get("name") if isinstance(author, dict) else author for author in stated]
    return fields.author_names([name for name in names if isinstance(name, str)])


def _date(value: object, habit: dates.DateHabit) -> datetime | None:
    """A date as a string, or as a number of seconds or milliseconds since 1970."""
    stated = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    return dates.parse_date(stated, habit) if isinstance(stated, str) else None


def _list_or_one(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
