"""What holds a story and its headline: the container below which its text is to be sought."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from worker.pages.boilerplate.headline import read_headlines
from worker.pages.main_text.witness import is_paragraph
from worker.pages.tree.blocks import HEADINGS, Block, Place, places_of

_MOST_OUTSIDE = 0.1  # share of the chosen letters that may stand outside
_SHORTEST_TITLE = 8  # letters; a shorter one is a section's name
_MOST_LINKED = 0.5


def mark_headline(blocks: Sequence[Block], titles: Iterable[str]) -> None:
    """Say of a block that it is the headline where no <h1> is: one that says a title of the page, or what is left of it
    without the outlet's name; in another heading before any other. Offices' portals and pages of tables have it in an
    <h4> or in bold letters."""
    if any(block.headline for block in blocks):
        return
    keys = read_headlines(titles).parts
    saying = [block for block in blocks if block.key in keys and len(block.key) >= _SHORTEST_TITLE]
    saying = [block for block in saying if block.link_share <= _MOST_LINKED]
    if saying:
        max(saying, key=lambda block: (block.place.tag in HEADINGS, len(block.key))).headline = True


def headings_of(blocks: Sequence[Block]) -> list[int]:
    """Numbers of the blocks that are a headline."""
    return [number for number, block in enumerate(blocks) if block.headline]


def story_root(blocks: Sequence[Block], chosen: Collection[int], headings: Sequence[int]) -> Place | None:
    """The innermost container of nearly all of the chosen text and of the headline before it (or, where there is
    none, the innermost <article> or <main> around the text); None for the whole page."""
    around = _around_most(blocks, chosen)
    headline = _headline(blocks, headings, min(chosen, default=0))
    if headline is not None:
        above = {id(place) for place in headline.place.line() if place.tag not in HEADINGS}
        around = [place for place in around if id(place) in above]
    else:
        around = [place for place in around if place.tag in ("article", "main")]
    root = max(around, key=_depth, default=None)
    if root is not None:
        article = next((place for place in root.line() if place.tag == "article"), None)
        root = article or (root.parent if _is_one_of_many(root, blocks) else root)
    return None if root is None or root.tag == "body" else root


def _around_most(blocks: Sequence[Block], chosen: Collection[int]) -> list[Place]:
    """The containers that hold nearly all of the chosen letters."""
    places: dict[int, Place] = {}
    own: dict[int, int] = {}
    for number in chosen:
        home = blocks[number].home
        places[id(home)] = home
        own[id(home)] = own.get(id(home), 0) + len(blocks[number].key)
    sizes: dict[int, int] = {}
    for key, size in own.items():
        for place in places[key].line():
            sizes[id(place)] = sizes.get(id(place), 0) + size
            places[id(place)] = place
    least = sum(own.values()) * (1 - _MOST_OUTSIDE)
    return [places[key] for key, size in sizes.items() if size >= least]


def _is_one_of_many(root: Place, blocks: Sequence[Block]) -> bool:
    """Whether others of its kind with paragraphs hang beside it: the sections of one story."""
    return any(
        place is not root
        and place.parent is root.parent
        and place.form == root.form
        and any(map(is_paragraph, blocks[place.first : place.end]))
        for place in places_of(blocks)
    )


def _headline(blocks: Sequence[Block], headings: Sequence[int], first: int) -> Block | None:
    """The last <h1> before the first chosen block, or else the first within or after it."""
    before = [number for number in headings if number <= first]
    return blocks[before[-1] if before else headings[0]] if headings else None


def _depth(place: Place) -> int:
    return sum(1 for _ in place.line())
