"""A second opinion on where a page's main text is, and what it is good for.

Trafilatura goes by the names of containers; the witness goes by where the paragraphs are (the idea of Arc90's
Readability: paragraphs speak for their container, and half as loud for the one around it).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import islice

from worker.pages.boilerplate.containers import container_rule
from worker.pages.tree.blocks import PARAGRAPH, Block, Place

_MOST_LINKS = 0.35
# Share of the main text that must stand in one kind of container for it to be the text's home.
_HOME_SHARE = 0.4
_SHORTEST_RECOVERED = 40
_KINDS = ((1, 3), (3, 6))  # (containers of one kind, levels up to the common one)


def main_container(blocks: list[Block]) -> Place | None:
    """The container with the most paragraphs of its own; None where no block is a paragraph."""
    scores: defaultdict[int, float] = defaultdict(float)
    places: dict[int, Place] = {}
    for block in blocks:
        if not is_paragraph(block):
            continue
        weight, place = float(len(block.key)), block.home
        for _ in range(3):
            scores[id(place)] += weight
            places[id(place)] = place
            if place.parent is None:
                break
            place, weight = place.parent, weight / 2
    return places[max(scores, key=scores.__getitem__)] if scores else None


def is_paragraph(block: Block) -> bool:
    """Long enough to be one, and no list of links."""
    return len(block.key) >= PARAGRAPH and block.link_share < _MOST_LINKS


def testimony(blocks: list[Block]) -> set[int]:
    """Numbers of the blocks in the main container: paragraphs, and what stands between them unlinked."""
    container = main_container(blocks)
    if container is None:
        return set()
    return {
        number
        for number, block in enumerate(blocks)
        if block.link_share < 0.5 and any(place is container for place in block.place.line())
    }


def lost_paragraphs(blocks: list[Block], chosen: Collection[int]) -> set[int]:
    """Paragraphs not chosen that stand in the same kind of container as most of the chosen text, side by side with it.

    Pages cut their story into several equal containers (around advertisements, at a fold), and the extractor may
    take the first alone. The likelier two places are of one kind (the container, or its whole way down), the
    further apart they may be. Another <article> is another story and never taken.
    """
    found: set[int] = set()
    for depth, reach in _KINDS:
        found |= _alike(blocks, chosen, depth, reach)
    return found


def _alike(blocks: list[Block], chosen: Collection[int], depth: int, reach: int) -> set[int]:
    """`depth`: containers that must be of one kind; `reach`: levels up to the one that holds both."""
    places = {id(home): home for number in chosen for home in [blocks[number].home]}
    kind_of = {key: _kind(home, depth) for key, home in places.items()}
    kinds: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for number in chosen:
        if (size := len(blocks[number].key)) >= _SHORTEST_RECOVERED:
            kinds[kind_of[id(blocks[number].home)]] += size
    total = sum(kinds.values())
    homes = {kind for kind, size in kinds.items() if size >= total * _HOME_SHARE}
    likely = (home for key, home in places.items() if kind_of[key] in homes)
    around = {id(place) for home in likely for place in _surroundings(home, reach)}
    return {
        number
        for number, block in enumerate(blocks)
        if number not in chosen
        and len(block.key) >= _SHORTEST_RECOVERED
        and is_paragraph(block)
        and _kind(block.home, depth) in homes
        and any(id(place) in around for place in _surroundings(block.home, reach))
        and not any(container_rule(place) for place in block.place.line() if id(place) not in around)
    }


def _kind(place: Place, depth: int) -> tuple[str, ...]:
    return tuple(level.form for level in islice(place.line(), depth))


def _surroundings(home: Place, reach: int) -> list[Place]:
    """The home and what it hangs in, not past an <article>."""
    found = [home]
    while len(found) < reach and found[-1].tag not in ("article", "body", "main") and found[-1].parent is not None:
        found.append(found[-1].parent)
    return [place for place in found if place.tag != "body"]
