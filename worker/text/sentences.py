"""The sentences of a line."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"(?<=[.!?])(?P<closing>[\"”’»)]*)\s+(?=[\"“«„‘¿¡(]*[A-ZÀ-ÝА-Я0-9])")


def split_sentences(line: str) -> list[str]:
    """The sentences of a line, with the quotes and brackets that close them; each begins with a capital or a figure."""
    found = list(_BETWEEN.finditer(line))
    starts = [0, *(match.end() for match in found)]
    ends = [*(match.end("closing") for match in found), len(line)]
    return [line[start:end] for start, end in zip(starts, ends, strict=True)]
