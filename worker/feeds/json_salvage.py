"""What can still be read of a JSON document with a list of objects, where it is broken or cut short."""

from __future__ import annotations

import json
import re
from typing import Any

_LIST = re.compile(r'"items"\s*:\s*\[\s*')
_NEXT = re.compile(r"\s*+,?+\s*+(?=\{)")
_BETWEEN = re.compile(r"\}\s*,\s*(?=\{)")
_TOLD = frozenset({"title", "summary", "content_html", "content_text", "date_published"})
_MAX_TRIES = 50
_DECODER = json.JSONDecoder(strict=False)


def salvage_items(text: str) -> dict[str, Any] | None:
    """Return the document with those of its `items` that can be read, or None where there is no such list.

    What stands before the list is read if it is whole, what stands behind it is not. After an item that cannot be read
    the next object is sought that looks like one.
    """
    start = _LIST.search(text)
    if start is None:
        return None
    items, at, tries = list[Any](), start.end(), 0
    while tries < _MAX_TRIES:
        found = _NEXT.match(text, at)
        if found:
            try:
                item, at = _DECODER.raw_decode(text, found.end())
            except (ValueError, RecursionError):
                at = found.end() + 1
            else:
                items += [item] if tries == 0 or _is_item(item) else []
                continue
        tries += 1
        following = _BETWEEN.search(text, at) if tries > 1 or found else None
        if following is None:
            break
        at = following.end()
    return _head(text[: start.start()]) | {"items": items}


def _is_item(found: dict[str, Any]) -> bool:
    """Attachments and authors are objects too."""
    return "id" in found or ("url" in found and not found.keys().isdisjoint(_TOLD))


def _head(text: str) -> dict[str, Any]:
    try:
        head = _DECODER.decode(text.rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        head = None
    version = re.search(r'"version"\s*:\s*"([^"]{1,100})"', text)
    return head if isinstance(head, dict) else {"version": version[1]} if version else {}
