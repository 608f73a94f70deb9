"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from worker.errors import DocumentError
from worker.feeds import dates, fields
from worker.feeds.defusing import MAX_ENTRIES
from worker.feeds.entry import FeedEntry, ParsedFeed
from worker.feeds.json_salvage import salvage_items


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
    return ParsedFeed(
        title=fields.clean_text(document.get("title"), fields.MAX_TITLE_BYTES),
        link=fields.absolute_url(document.get("home_page_url"), url),
        entries=tuple(_entry(item, document, url) for item in items[:MAX_ENTRIES]),
        language=fields.language_tag(document.get("language")),
        format="json11" if "1.1" in str(document.get("version"))[:100] else "json10",
        troubles=("broken JSON: what could not be read was left out",) * broken + _troubles(document, len(items)),
        truncated=broken or len(items) > MAX_ENTRIES,
    )


def _is_json_feed(document: dict[str, Any]) -> bool:
    version = document.get("version")
    return isinstance(document.get("items"), list) and isinstance(version, str) and "jsonfeed.org" in version


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


def _entry(item: dict[str, Any], feed: dict[str, Any], base: str) -> FeedEntry:
    title = fields.clean_text(item.get("title"), fields.MAX_TITLE_BYTES)
    url = fields.absolute_url(item.get("url"), base) or fields.absolute_url(item.get("external_url"), base)
    summary = fields.clean_html(item.get("summary"), plain=True)
    content = fields.clean_html(item.get("content_html"))
    content = content or fields.clean_html(item.get("content_text"), plain=True)
    published = _date(item.get("date_published"))
    stated = item.get("id")
    # Version 1.1 asks readers to take a number for the string it should have been.
    number = isinstance(stated, int | float) and not isinstance(stated, bool)
    return FeedEntry(
        title=title,
        url=url or fields.absolute_url(stated, ""),
        id=fields.entry_id(str(stated) if number else stated, url, title, summary, content, str(published)),
        published=published,
        updated=_date(item.get("date_modified")),
        authors=_authors(item) or _authors(feed),
        summary=summary,
        content=content,
        language=fields.language_tag(item.get("language")),
    )


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    stated = [*_list(holder.get("authors")), holder.get("author")]
    names = [author.get("name") for author in stated if isinstance(author, dict)]
    return fields.author_names([name for name in names if isinstance(name, str)])


def _date(value: object) -> Any:
    return dates.parse_date(value) if isinstance(value, str) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
