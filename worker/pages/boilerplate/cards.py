"""Teasers of other stories within the main text: boxes of one kind, each of a linked heading and a line or two."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Container, Sequence

from worker.pages.tree.blocks import Block, Place
from worker.pages.tree.names import fold_names

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LINKED = 0.9  # share of the heading's letters within links
_CALLED = re.compile(r"(?<![a-z])(?:card|teaser|tease|article-item|post-item)s?(?![a-z])")
_MOST_BLOCKS = 5  # kicker, heading, summary, author, date
_FEWEST = 2  # boxes; a single one may be the story's own
_MOST_SHARE = 0.3  # of the text's letters; more are what the story is made of


def teaser_cards(blocks: Sequence[Block], chosen: Collection[int], condemned: Container[int]) -> dict[int, str]:
    """Block number → "teaser-card", for the chosen blocks in such boxes."""
    inside: defaultdict[int, list[int]] = defaultdict(list)
    boxes: dict[int, Place] = {}
    for number in chosen:
        if number not in condemned and (box := _box(blocks[number])) is not None:
            inside[id(box)].append(number)
            boxes[id(box)] = box
    kinds: defaultdict[str, list[int]] = defaultdict(list)
    for key, numbers in inside.items():
        if len(numbers) <= _MOST_BLOCKS and any(_is_linked_heading(blocks[number]) for number in numbers):
            kinds[boxes[key].form].append(key)
    found = [number for keys in kinds.values() if len(keys) >= _FEWEST for key in keys for number in inside[key]]
    held = sum(len(blocks[number].key) for number in found)
    total = sum(len(blocks[number].key) for number in chosen)
    return dict.fromkeys(found, "teaser-card") if held <= total * _MOST_SHARE else {}


def _box(block: Block) -> Place | None:
    """The innermost <article>, or box called a card or teaser, that the block stands in."""
    return next((up for up in block.place.line() if up.tag == "article" or _CALLED.search(fold_names(up.names))), None)


def _is_linked_heading(block: Block) -> bool:
    return block.place.tag in _HEADINGS and block.link_share >= _LINKED
