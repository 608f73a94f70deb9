"""CDATA sections and comments: what they hide, and where one that was never ended should have been."""

from __future__ import annotations

import re

_OPENING = re.compile(r"<!\[CDATA\[|<!--")
_CLOSING = {"<![CDATA[": "]]>", "<!--": "-->"}
_OPEN_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)[^<>]*>\s*\Z")
_LONGEST_TAG = 300


def end_sections(text: str, entries: str = "item|entry") -> str:
    """End each section that was left open before it takes in other entries, which are elements of these names.

    Open is one that never ends, or in which another of its kind begins behind the tag of an entry: neither can hold
    one of its own kind. A CDATA section ends with the element it fills, if that ends before the entry does.
    """
    entry_tag = re.compile(rf"</?(?:[A-Za-z_][\w.-]*:)?(?:{entries})[\s>/]", re.IGNORECASE)
    parts: list[str] = []
    written = at = 0
    ends = dict.fromkeys(_CLOSING, 0)
    while opening := _OPENING.search(text, at):
        kind = opening.group()
        if 0 <= ends[kind] < opening.end():  # asked anew only behind the last answer, or this would take the square
            ends[kind] = text.find(_CLOSING[kind], opening.end())
        end = ends[kind]
        stop = _stop(text, opening, end, entry_tag)
        if stop >= 0:
            parts += [text[written:stop], _CLOSING[kind]]
            written = at = stop
        elif end >= 0:
            at = end + len(_CLOSING[kind])
        else:
            break
    return "".join([*parts, text[written:]])


def hide_sections(text: str) -> str:
    """Return the text with blanks in the place of its sections: as long, and without tags that are none."""
    parts: list[str] = []
    at = 0
    while opening := _OPENING.search(text, at):
        end = text.find(_CLOSING[opening.group()], opening.end())
        if end < 0:
            break
        parts += [text[at : opening.start()], " " * (end - opening.start())]
        at = end
    return "".join([*parts, text[at:]])


def _stop(text: str, opening: re.Match[str], end: int, entry_tag: re.Pattern[str]) -> int:
    """Where a section has to end that was left open, or -1 where it ends by itself."""
    last_of_kind = text.rfind(opening.group(), opening.end(), end) if end >= 0 else len(text)
    tag = entry_tag.search(text, opening.end(), last_of_kind) if last_of_kind >= 0 else None
    if tag is None:
        return -1
    filled = _OPEN_TAG.search(text, max(opening.start() - _LONGEST_TAG, 0), opening.start())
    stop = text.find(f"</{filled[1]}", opening.end(), tag.start()) if filled and opening.group() != "<!--" else -1
    return stop if stop >= 0 else tag.start()
