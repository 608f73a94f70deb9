"""Teasers: the story's start, cut off in mid-sentence for a front page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.pages.blocks import letters

_CUT = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?|\[(?:&hellip;|\+)\])[\s»>]*$")
# What stands before the dots when a machine cut: a comma, an article or preposition, the bracketed form.
_MACHINE_CUT = re.compile(r"(?:[,;:(–—-]|\[(?:…|\.\.\.)\])\W*$")
_SENTENCES = re.compile(r"(?<=[.!?])[\"”’»)]*\s+(?=[\"“«„‘¿¡(]*[A-ZÀ-ÝА-Я0-9])")
_SHORTEST_START = 30  # letters that must recur later for a line to be the start of what follows


def cut_teaser(line: str, lines: Sequence[str], number: int, *, opening: bool) -> tuple[str, str]:
    """(what stays, what goes) of a line that ends in dots; ("line", "") for any other.

    A line whose start is told again further down goes whole. A line among the first that a machine cut loses its
    cut sentence; the whole sentences before it stay, for they may be told nowhere else. Dots a writer set
    (a quote that trails off, a last line) stay.
    """
    cut = _CUT.search(line)
    if cut is None:
        return line, ""
    start = letters(line[: cut.start()])
    if len(start) >= _SHORTEST_START and _told_later(start, lines[number + 1 :]):
        return "", line
    if (
        not opening
        or number + 1 >= len(lines)
        or not _MACHINE_CUT.search(line[: cut.start()] + line[cut.start() : cut.end()].strip("…."))
    ):
        return line, ""
    sentences = _SENTENCES.split(line)
    kept = [part for part in sentences[:-1] if not _told_later(letters(part), lines[number + 1 :])]
    return " ".join(kept), sentences[-1]


def _told_later(key: str, later: Sequence[str]) -> bool:
    return any(letters(line).startswith(key[:200]) for line in later)
