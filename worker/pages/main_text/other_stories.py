"""Other stories on the page, whole, in boxes of the same make as the story's own: pages that scroll on to the next
story, printed pages as sites, streams of posts.

Each stands under a headline of its own, which is a link; the page's story stands under its <h1>.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from worker.pages.main_text.witness import is_paragraph
from worker.pages.tree.blocks import HEADINGS, Block, Place, places_of

_LED = 3  # blocks: a kicker or a number may stand before the headline
_LINKED = 0.9  # share of the headline's letters within links
_FEWEST_WORDS = 3
_LABEL = 40  # characters


def other_stories(blocks: Sequence[Block]) -> set[int]:
    """Numbers of the blocks in such boxes: beside one that holds an <h1> and a paragraph, of its tag and a name of it.

    Where the other box holds more, the <h1> may have its standfirst alone, and the other box be the story: unless its
    headline is made as the <h1> is.
    """
    below: defaultdict[int, list[Place]] = defaultdict(list)
    for place in places_of(blocks):
        if place.parent is not None:
            below[id(place.parent)].append(place)
    found: set[int] = set()
    for headline in (block for block in blocks if block.headline):
        for own in headline.place.line():
            if any(map(is_paragraph, blocks[own.first : own.end])):
                found.update(_beside(blocks, headline, own, below))
    return found


def _beside(
    blocks: Sequence[Block], headline: Block, own: Place, below: Mapping[int, Sequence[Place]]
) -> Iterator[int]:
    names = set(own.names.split())
    for other in below[id(own.parent)] if own.parent is not None and names else ():
        if other is own or other.tag != own.tag or names.isdisjoint(other.names.split()):
            continue
        leading = _leading(blocks[other.first : other.end])
        if leading is None:
            continue
        alike = not _headline_names(headline).isdisjoint(_headline_names(leading))
        if alike or _told(blocks, other) <= _told(blocks, own):
            yield from range(other.first, other.end)


def _leading(box: Sequence[Block]) -> Block | None:
    """The linked headline that a box begins with, if it is no list of links and something stands under it."""
    for number, block in enumerate(box[:_LED]):
        if _is_linked_line(block):
            is_led = number + 1 < len(box) and not _is_linked_line(box[number + 1])
            return block if is_led and not block.headline else None
        if len(block.text) > _LABEL:
            return None
    return None


def _is_linked_line(block: Block) -> bool:
    return block.link_share >= _LINKED and block.text.count(" ") + 1 >= _FEWEST_WORDS


def _headline_names(block: Block) -> set[str]:
    """The names of what the headline stands in, up to the heading's own."""
    place = block.place
    heading = next((up for up in place.line() if up.tag in HEADINGS), place)
    return set(heading.names.split())


def _told(blocks: Sequence[Block], place: Place) -> float:
    return sum(block.told for block in blocks[place.first : place.end])
