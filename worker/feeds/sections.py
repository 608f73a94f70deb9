"""CDATA sections and comments: what they hide, and where one that was never ended should have been."""

from __future__ import annotations

import re

_OPENING = re.compile(r"<!\[CDATA\[|<!--")
_CLOSING = {"<![CDATA[": "]]>", "<!--": "-->"}
_OPEN_TAG = re.compile(r"<([A-Za-z_][\w.:-]*+)[^<>]*+>\s*+\Z")
_LONGEST_TAG = 300


def end_sections(text: str, entries: str = "item|entry") -> str:
    """End each section that was left open before it takes in other entries, which are elements of these names.

    Open is one that never ends, or in which another of its kind begins behind the tag of an entry: neither can hold
    one of its own kind. A CDATA section ends with the element it fills, if that ends before the entry does.
    """
    entry_tag = re.compile(rf"</?(?:[A-Za-z_][\w.-]*:)?(?:{entries})[\s>/]", re.IGNORECASE)
    parts: list[str] = []
    written = at = 0
    # Each is asked anew only behind its last answer, or this would take the square of the text's length.
    ends, lasts, tag = dict.fromkeys(_CLOSING, 0), dict.fromkeys(_CLOSING, 0), (0, 0)
    while opening := _OPENING.search(text, at):
        kind = opening.group()
        if 0 <= ends[kind] < opening.end():
            ends[kind] = text.find(_CLOSING[kind], opening.end())
            lasts[kind] = text.rfind(kind, opening.end(), ends[kind]) if ends[kind] >= 0 else len(text)
        if tag[0] < opening.end():
            found = entry_tag.search(text, opening.end())
            tag = found.span() if found else (len(text), len(text) + 1)
        end = ends[kind]
        if tag[1] <= lasts[kind]:
            at = _stop(text, opening, tag[0])
            parts += [text[written:at], _CLOSING[kind]]
            written = at
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


def _stop(text: str, opening: re.Match[str], tag: int) -> int:
    """Where a section has to end that was left open before the tag of an entry."""
    filled = _OPEN_TAG.search(text, max(opening.start() - _LONGEST_TAG, 0), opening.start())
    stop = text.find(f"</{filled[1]}", opening.end(), tag) if filled and opening.group() != "<!--" else -1
    return stop if stop >= 0 else tag
