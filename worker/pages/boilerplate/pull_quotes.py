"""Pull quotes: words of the story that stand in it once more, in a box of their own, to be looked at."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from worker.pages.tree.blocks import HEADINGS, Block
from worker.pages.tree.names import fold_names

_TAGS = ("blockquote", "aside")
_CALLED = re.compile(r"(?<![a-z])(?:pull-?(?:quote|out)?|block-?quote|quote|big-?text|destacado|cita)s?(?![a-z])")
_SHORTEST_NAME = 4  # characters; most places have none
_SHORTEST = 20  # letters; shorter ones recur in honest text
_MOST = 50  # each is looked for in all of the text


def pull_quotes(blocks: Sequence[Block], chosen: Collection[int]) -> dict[int, str]:
    """Block number → "pull-quote", for the chosen blocks in such boxes whose words stand in a paragraph too."""
    quotes = [number for number in chosen if len(blocks[number].key) >= _SHORTEST and _is_boxed(blocks[number])]
    if not 0 < len(quotes) <= _MOST:
        return {}
    told = "\n".join(blocks[number].key for number in sorted(set(chosen).difference(quotes)))
    return {number: "pull-quote" for number in quotes if blocks[number].key in told}


def _is_boxed(block: Block) -> bool:
    if block.place.tag in (*HEADINGS, "li"):
        return False
    return any(place.tag in _TAGS or _is_called(place.names) for place in block.place.line())


@lru_cache(maxsize=8192)  # most of a page's blocks hang in the same places
def _is_called(names: str) -> bool:
    return len(names) >= _SHORTEST_NAME and _CALLED.search(fold_names(names)) is not None
