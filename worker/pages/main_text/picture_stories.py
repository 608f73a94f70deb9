"""Stories that are told under their pictures: of a gallery's page the captions are the text."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from worker.pages.boilerplate.containers import container_rule
from worker.pages.tree.blocks import PARAGRAPH, Block

_FEWEST = 4  # captions that tell something; fewer stand in any story
_MOST_BESIDES = 0.5  # of their letters, that a gallery's introduction has


def told_captions(blocks: Sequence[Block], chosen: Collection[int]) -> set[int]:
    """Numbers of the captions that are the story: below the headline, several, and far more than the rest of the text.

    Captions of other stories' pictures stand under links.
    """
    first = next((number for number, block in enumerate(blocks) if block.headline), None)
    if first is None:
        return set()
    captions = {
        number
        for number in range(first, len(blocks))
        if not blocks[number].link_share
        and len(blocks[number].key) >= PARAGRAPH
        and _is_caption(blocks[number])
        and blocks[number].is_told()
    }
    told = sum(len(blocks[number].key) for number in captions)
    besides = sum(len(blocks[number].key) for number in chosen if number not in captions)
    return captions if len(captions) >= _FEWEST and besides <= told * _MOST_BESIDES else set()


def _is_caption(block: Block) -> bool:
    return any(container_rule(place) == "caption" for place in block.place.line())
