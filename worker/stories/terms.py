"""Words as the terms stories are compared by: accents folded, cut to their first six letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.text.characters import FIRST_UNSPACED, LAST_UNSPACED, UNSPACED
from worker.text.folding import fold

# Six letters join inflected forms and the cognates of English and Spanish (measured against 5 and 7).
STEM = 6

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[^\s@]{1,64}@\S+")
# Chinese and Japanese write no spaces: their characters are taken in overlapping pairs.
_WORD = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]{{2,}}")


def strip_addresses(text: str) -> str:
    """`text` without web and mail addresses, whose parts look like rare words."""
    return _ADDRESS.sub(" ", text)


def words_of(text: str) -> Iterator[str]:
    """Folded words of two characters or more."""
    for word in _WORD.findall(fold(text)):
        if FIRST_UNSPACED <= word[0] <= LAST_UNSPACED:
            yield from (word[place : place + 2] for place in range(max(1, len(word) - 1)))
        else:
            yield word
