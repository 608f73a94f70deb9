"""Is this line the headline again?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worker.pages.tree.blocks import letters

# Between a headline and the outlet's name: "Ferry fares to rise | Harbour News".
_SITE_SEPARATOR = re.compile(r"\s+[|•·–—:-]+\s+|\s*[|»]\s*|(?<=\w):\s+")
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)]*$")
_SHORTEST_PART = 15  # letters; a shorter part is a section or an outlet, or matches too easily
_MOST_BARS = 8  # between a headline, its sections and its outlet
_SITE_NAME = 25  # letters that may follow a headline


@dataclass(frozen=True, slots=True)
class Headlines:
    """A page's titles as letters and digits: whole, and in parts (without the outlet's name or a kicker)."""

    whole: frozenset[str]
    parts: frozenset[str]


def read_headlines(titles: Iterable[str]) -> Headlines:
    """What lines are compared with."""
    whole: set[str] = set()
    parts: set[str] = set()
    for title in titles:
        whole.add(letters(title))
        pieces = _SITE_SEPARATOR.split(title, _MOST_BARS)
        cuts = [
            *(" ".join(pieces[:n]) for n in range(1, len(pieces))),
            *(" ".join(pieces[n:]) for n in range(1, len(pieces))),
        ]
        parts.update(key for key in map(letters, cuts) if len(key) >= _SHORTEST_PART)
    return Headlines(frozenset(whole - {""}), frozenset(parts | whole - {""}))


def is_headline(line: str, headlines: Headlines, *, opening: bool) -> bool:
    """`opening` allows, in the first lines, parts, a headline cut short or with the outlet's name after it.

    Further down only an exact repetition without a sentence's end counts: a story may say its headline.
    """
    key = letters(line)
    ended = bool(_SENTENCE_END.search(line))
    if not opening:
        return key in headlines.whole and not ended and len(key) >= _SHORTEST_PART
    if key in headlines.parts:
        return True
    return len(key) >= 20 and any(
        (title.startswith(key) and len(key) * 10 >= len(title) * 6 and not line.endswith("."))
        or (key.startswith(title) and len(title) > 20 and len(key) - len(title) < _SITE_NAME and not ended)
        for title in headlines.parts
    )
