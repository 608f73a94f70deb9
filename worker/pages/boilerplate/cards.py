"""Teasers of other stories within the main text: boxes of one kind, each of a linked heading and a line or two."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Container, Sequence

from worker.pages.tree.blocks import Block, Place, places_of
from worker.pages.tree.names import fold_names
from worker.pages.tree.spacing import is_cut_off

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LINKED = 0.9  # share of the heading's letters within links
_CALLED = re.compile(r"(?<![a-z])(?:card|teaser|tease|article-item|post-item)s?(?![a-z])")
_MOST_BLOCKS = 5  # kicker, heading, summary, author, date
_LABEL, _FEWEST_WORDS = 40, 3  # characters of what may stand above a headline, words of one
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


def cut_off_teasers(blocks: Sequence[Block]) -> set[int]:
    """Numbers of blocks in boxes of one form side by side, or one after the other in no boxes, each of a linked
    headline and an excerpt, most of which are cut off: whatever the boxes are called, and however much they are of the
    page, if a story stands below its headline besides. Else the page is a list of such."""
    kinds: defaultdict[tuple[int, str], list[Place]] = defaultdict(list)
    for place in places_of(blocks):
        if 1 < place.end - place.first <= _MOST_BLOCKS and place.parent is not None:
            kinds[id(place.parent), place.form].append(place)
    found = _listed_teasers(blocks)
    for boxes in kinds.values():
        inside = [blocks[box.first : box.end] for box in boxes]
        cut = sum(any(is_cut_off(block.text) for block in box) for box in inside)
        if len(boxes) >= _FEWEST and cut * 2 >= len(boxes) and all(map(_is_teaser, inside)):
            found.update(number for box in boxes for number in range(box.first, box.end))
    return found if found and _tells_besides(blocks, found) else set()


def _listed_teasers(blocks: Sequence[Block]) -> set[int]:
    """The blocks of headlines and excerpts by turns, two of each at least, in containers of one form."""
    found: set[int] = set()
    number = 0
    while number + 1 < len(blocks):
        if blocks[number].link_share < _LINKED:  # nearly all of them
            number += 1
            continue
        start, form = number, _form_of_pair(blocks, number)
        while form is not None and number < len(blocks) and _form_of_pair(blocks, number) == form:
            number += 2
        excerpts = blocks[start + 1 : number : 2]
        cut = sum(is_cut_off(excerpt.text) for excerpt in excerpts)
        if len(excerpts) >= _FEWEST and cut * 2 >= len(excerpts):
            found.update(range(start, number))
        number += number == start
    return found


def _form_of_pair(blocks: Sequence[Block], number: int) -> tuple[str, str] | None:
    """In what containers a linked headline and the excerpt after it stand; None where there is no such pair."""
    headline = blocks[number]
    if headline.link_share < _LINKED or number + 1 == len(blocks) or not _is_linked_line(headline):
        return None
    excerpt = blocks[number + 1]
    if excerpt.link_share >= _LINKED or excerpt.headline:
        return None
    return headline.home.form, excerpt.home.form


def _is_teaser(box: Sequence[Block]) -> bool:
    """A linked headline, before which stand labels alone, and what it leads to in other words."""
    place = next((place for place, block in enumerate(box) if _is_linked_line(block)), None)
    if place is None or any(block.headline for block in box):
        return False
    is_led = all(len(block.text) <= _LABEL for block in box[:place])
    return is_led and any(block.link_share < _LINKED for block in box[place + 1 :])


def _is_linked_line(block: Block) -> bool:
    return block.link_share >= _LINKED and block.text.count(" ") + 1 >= _FEWEST_WORDS


def _tells_besides(blocks: Sequence[Block], teasers: Collection[int]) -> bool:
    first = next((number for number, block in enumerate(blocks) if block.headline), None)
    if first is None:
        return False
    return any(block.is_told() for number, block in enumerate(blocks[first:], first) if number not in teasers)


def _box(block: Block) -> Place | None:
    """The innermost <article>, or box called a card or teaser, that the block stands in."""
    return next((up for up in block.place.line() if up.tag == "article" or _CALLED.search(fold_names(up.names))), None)


def _is_linked_heading(block: Block) -> bool:
    return block.place.tag in _HEADINGS and block.link_share >= _LINKED
