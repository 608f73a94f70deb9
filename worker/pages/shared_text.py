"""A text that pages of one site give under different headlines: a wall in words that nobody knows, in place of stories.

One such page cannot be told from a short story that its feed announces in other words. Two can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

from worker.pages.main_text.verdict import long_words

_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_FEWEST_WORDS = 4
_TOLD = 0.2  # of what is announced: a story's first paragraph has a third and more of its summary
_SAME_HEADLINE = 0.5  # of the shorter headline's words


def text_key(text: str, title: str) -> int | None:
    """Return 63 bits for a page's text, the same whatever numbers stand in it and wherever it names its own headline.

    None for next to no text. Walls fill in the number of a request, or the headline that one would like to read.
    """
    words = [word for word in _beyond_headline(text, title).split() if not _DIGIT.search(word)]
    if len(words) < _FEWEST_WORDS:
        return None
    return int.from_bytes(blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def stands_for_others(text: str, *, title: str, summary: str, titles: Iterable[str]) -> bool:
    """Whether a page's text is no story of its own: beyond its headline it tells next to nothing of what its feed
    announces, while other articles of its site, under these `titles`, have the same one. An article under a like
    headline says nothing: it may be the same story, once more."""
    told, announced = long_words(_beyond_headline(text, title)), long_words(f"{title} {summary}")
    if not announced or len(announced & told) > len(announced) * _TOLD:
        return False
    return any(_differ(title, other) for other in titles)


def _beyond_headline(text: str, title: str) -> str:
    """The text's words, in lower case, without its headline where it names that whole."""
    words, headline = (f" {' '.join(_WORD.findall(each.casefold()))} " for each in (text, title))
    return words.replace(headline, " ") if headline.strip() else words


def _differ(title: str, other: str) -> bool:
    one, two = long_words(title), long_words(other)
    return len(one & two) < max(1, min(len(one), len(two))) * _SAME_HEADLINE
