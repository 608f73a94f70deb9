"""Boxes of other stories inside the main text: a linked headline, perhaps a label above it and a lead below.

Told by form, whatever the box is called and however its site words the label: so on the first page of a site too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from itertools import islice

from worker.pages.tree.blocks import Block, Place, places_of
from worker.pages.tree.spacing import is_cut_off

_BOX_TAGS = ("div", "section", "aside", "figure")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LINKED = 0.9  # share of a headline's letters within links
_FEWEST_WORDS, _LONGEST = 4, 160  # of a headline: words, characters
_LABEL = 40  # characters
_MOST_BLOCKS, _MOST_LETTERS = 5, 280
_MOST_CUT = 600  # letters, where the lead is cut off
_MOST_BOXES, _MOST_SHARE = 6, 0.55  # more of them, or more of the text, are what the story is made of
_MOST_OF_RUN = 0.25  # of the story, that several behind it may be: many cards are what a page is made of


def link_boxes(blocks: Sequence[Block], chosen: Collection[int], condemned: Container[int]) -> dict[int, str]:
    """Block number → "link-box", for the chosen blocks of boxes that stand between or beside the story's paragraphs."""
    if not any(map(_is_headline, blocks)):
        return {}
    boxes = [inside for inside in _boxes(blocks, sorted(chosen)) if _is_told(blocks, inside, chosen)]
    held = {number for inside in boxes for number in inside}
    story = [number for number in sorted(chosen) if number not in held and blocks[number].is_told()]
    told = _size(blocks, story)
    found: set[int] = set()
    for run in _runs(boxes, story):
        numbers = {number for inside in run for number in inside}
        if len(run) == 1 and not _is_teaser([blocks[number] for number in run[0]]):
            continue
        if len(run) == 1 or _size(blocks, numbers) <= told * _MOST_OF_RUN:
            found |= numbers
    if len(boxes) > _MOST_BOXES or _size(blocks, found) > (told + _size(blocks, found)) * _MOST_SHARE:
        return {}
    return {number: "link-box" for number in found if number in chosen and number not in condemned}


def _is_told(blocks: Sequence[Block], inside: range, chosen: Collection[int]) -> bool:
    """Whether a box's headline was chosen, or without it what it leads to, cut off."""
    told = [number for number in inside if number in chosen]
    return any(_is_headline(blocks[number]) or is_cut_off(blocks[number].text) for number in told)


def _runs(boxes: Sequence[Sequence[int]], story: Sequence[int]) -> Iterator[list[Sequence[int]]]:
    """The boxes between the same two paragraphs of the story, or behind its last one; those before its first are none:
    there its own summary may be linked."""
    runs: defaultdict[int, list[Sequence[int]]] = defaultdict(list)
    for inside in boxes:
        runs[bisect_left(story, inside[0])].append(inside)
    for place, run in runs.items():
        if place == len(story) or (place > 0 and len(run) == 1):
            yield run


def _size(blocks: Sequence[Block], numbers: Iterable[int]) -> int:
    return sum(len(blocks[number].key) for number in numbers)


def _boxes(blocks: Sequence[Block], order: Sequence[int]) -> list[range]:
    """The blocks of each box that holds a chosen one, from the outermost container that still is one."""
    found = {
        id(place): place
        for place in places_of(blocks)
        if place.tag in _BOX_TAGS
        and place.end - place.first <= _MOST_BLOCKS
        and bisect_left(order, place.first) < bisect_left(order, place.end)
        and _is_box(blocks[place.first : place.end])
    }
    return [range(each.first, each.end) for each in found.values() if not any(id(up) in found for up in _above(each))]


def _above(place: Place) -> Iterator[Place]:
    return islice(place.line(), 1, None)


def _is_box(blocks: Sequence[Block]) -> bool:
    is_cut = is_cut_off(blocks[-1].text)
    if sum(len(block.key) for block in blocks) > (_MOST_CUT if is_cut else _MOST_LETTERS):
        return False
    headline = next((number for number, block in enumerate(blocks) if _is_headline(block)), None)
    if headline is None:
        return False
    return all(len(block.text) <= _LABEL for block in blocks[:headline])


def _is_teaser(blocks: Sequence[Block]) -> bool:
    """Whether a box by itself is one: it tells nothing, or its headline is a heading, or bears a label. Else it may be
    a part of the story that begins with a linked line."""
    first = blocks[0]
    return not any(block.is_told() for block in blocks) or not _is_headline(first) or first.place.tag in _HEADINGS


def _is_headline(block: Block) -> bool:
    return (
        block.link_share >= _LINKED
        and block.text.count(" ") + 1 >= _FEWEST_WORDS
        and len(block.text) <= _LONGEST
        and not block.text.endswith(".")
    )
