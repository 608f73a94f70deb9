"""The values that a page's scripts hold: JSON, JSON assigned to a variable, and the rows that a React server pushed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from worker.pages.main_text.flat_state import inflate, is_flat

_DECODER = json.JSONDecoder(strict=False)
_LEAD = re.compile(r"(?:\s|/\*.*?\*/|//[^\n]*\n|<!\[CDATA\[|<!--|;)+", re.DOTALL)
_ASSIGNED = re.compile(r"[\w$\]]\s*=\s*(?=[{\[]\s*[{\"])")
_MOST_ASSIGNED = 20  # values assigned in one script
_PUSHED = re.compile(r"__next_f\.push\(\s*(?=\[)")
_BODY_IN_BROKEN = re.compile(r'"articleBody"\s*:\s*("(?:[^"\\]|\\.)*")', re.DOTALL)
_ROW = re.compile(rb"([0-9a-f]+):(?:T([0-9a-f]+),|[A-Z]{0,2})")


def read_values(scripts: Sequence[str]) -> Iterator[Any]:
    """The values the scripts hold: JSON, JSON assigned to a variable, and the rows a React server pushed, joined."""
    pushed: list[str] = []
    for text in scripts:
        if (start := _PUSHED.search(text)) is not None:
            chunk = load_json(text[start.end() :])
            pushed += [part for part in (chunk if isinstance(chunk, list) else []) if isinstance(part, str)]
        elif text.lstrip()[:1] in "{[":
            value = load_json(text)
            yield inflate(value) if is_flat(value) else value
        else:
            yield from (load_json(text[at.end() :]) for at in islice(_ASSIGNED.finditer(text), _MOST_ASSIGNED))
    if pushed:
        yield from _rows("".join(pushed).encode("utf-8", "replace"))


def _rows(data: bytes) -> Iterator[Any]:
    """Rows of the React server's wire format: "1:" and JSON to the line's end, or "2:T4f," and so many bytes."""
    place = 0
    while (row := _ROW.match(data, place)) is not None:
        if row[2] is not None:
            end = row.end() + int(row[2], 16)
            yield {"content": data[row.end() : end].decode("utf-8", "replace")}
            place = end
        else:
            end = data.find(b"\n", row.end())
            end = len(data) if end < 0 else end
            yield load_json(data[row.end() : end].decode("utf-8", "replace"))
            place = end + 1


def load_json(text: str) -> Any:
    """The value that a script begins with; of JSON that is none, an article with what its body still says."""
    lead = _LEAD.match(text)
    text = text[lead.end() :] if lead else text
    try:
        return _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return {"@type": "Article", "articleBody": _in_broken(text)}


def _in_broken(text: str) -> str:
    """The body's string out of JSON that is none."""
    found = _BODY_IN_BROKEN.search(text)
    try:
        return str(_DECODER.raw_decode(found[1])[0]) if found else ""
    except ValueError:
        return ""
