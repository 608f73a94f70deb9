"""Teasers: the story's start, cut off in mid-sentence for a front page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from worker.pages.tree.blocks import letters
from worker.text.sentences import split_sentences

_CUT = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?|\[(?:&hellip;|\+)\])[\s»>]*$")
# What stands before the dots when a machine cut: a comma, an article or preposition, the bracketed form.
_MACHINE_CUT = re.compile(r"(?:[,;:(–—-]|\[(?:…|\.\.\.)\])\W*$")
_ENDING = 40  # characters in which a line's end is looked at
_NEAR = 50  # lines looked at: a hostile page has ten thousand that begin alike
_SHORTEST_START = 30  # letters that must recur later for a line to be the start of what follows


class LaterLines:
    """Looks up whether a line further down begins as an earlier one does; the index is made when first asked."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._keys: list[str] = []
        self._starts: defaultdict[str, list[int]] = defaultdict(list)

    def tell(self, key: str, after: int) -> bool:
        """Whether a line after number `after` begins with `key`, which is as `letters` makes it."""
        if not self._keys:
            self._keys = [letters(line) for line in self._lines]
            for number, each in enumerate(self._keys):
                self._starts[each[:_SHORTEST_START]].append(number)
        if len(key) < _SHORTEST_START:
            near = list(range(after + 1, min(after + 1 + _NEAR, len(self._keys))))
        else:
            found = self._starts.get(key[:_SHORTEST_START], [])
            first = bisect_right(found, after)
            near = found[first : first + _NEAR]
        return any(self._keys[number].startswith(key[:200]) for number in near)


def cut_teaser(line: str, later: LaterLines, number: int, *, opening: bool, last: bool) -> tuple[str, str]:
    """(what stays, what goes) of a line that ends in dots; ("line", "") for any other.

    A line whose start is told again further down goes whole. A line among the first that a machine cut loses its
    cut sentence; the whole sentences before it stay, for they may be told nowhere else. Dots a writer set
    (a quote that trails off, a last line) stay.
    """
    cut = _CUT.search(line, max(0, len(line) - _ENDING))
    if cut is None:
        return line, ""
    start = letters(line[: cut.start()])
    if len(start) >= _SHORTEST_START and later.tell(start, number):
        return "", line
    by_machine = _MACHINE_CUT.search((line[: cut.start()] + line[cut.start() : cut.end()].strip("…."))[-_ENDING:])
    if not opening or last or not by_machine:
        return line, ""
    sentences = split_sentences(line)
    # Dots alone are no sentence, and one that is told again further down stays there.
    stay = [bool(key := letters(part)) and not later.tell(key, number) for part in sentences[:-1]] + [False]
    if not any(stay):
        return "", line
    parts = list(zip(sentences, stay, strict=True))
    return " ".join(part for part, stays in parts if stays), " ".join(part for part, stays in parts if not stays)
