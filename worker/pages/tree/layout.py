"""Where on its page an article's text stood: the template it came from, and the lines beside the story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from worker.pages.article import PageLayout
from worker.pages.tree.blocks import Block, Place

# Names with figures or an underscore's tail are often made for one page ("post-1234", "css_x9k2").
_STABLE_NAME = re.compile(r"[A-Za-z][A-Za-z_-]*[A-Za-z]")
_NAMES = 2
_LONGEST = 80


def read_layout(blocks: Sequence[Block], chosen: Sequence[int]) -> PageLayout:
    """Return the kind of container that holds most of the chosen text, and the chosen lines outside of it."""
    held: Counter[str] = Counter()
    for number in chosen:
        held[_sign(blocks[number].home)] += len(blocks[number].key)
    if not held:
        return PageLayout()
    template = min(held, key=lambda sign: (-held[sign], sign))
    outside = (blocks[number] for number in chosen)
    return PageLayout(template, frozenset(block.key for block in outside if _sign(block.home) != template))


def _sign(home: Place) -> str:
    return _signature(home.tag, home.names)


@lru_cache(maxsize=1024)
def _signature(tag: str, names: str) -> str:
    """A container's tag and its first names, as its template would write them on every page."""
    stable = [name for name in names.split() if _STABLE_NAME.fullmatch(name)]
    return ".".join([tag, *stable[:_NAMES]])[:_LONGEST]
