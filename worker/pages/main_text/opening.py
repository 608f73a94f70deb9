"""Between a page's headline and its story: the deck, which sums the story up, and the lead, which opens it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from worker.pages.boilerplate.containers import container_rule
from worker.pages.tree.blocks import Block, Place, letters
from worker.pages.tree.spacing import SENTENCE_END

_DECK = re.compile(r"(?<![a-z])(?:deck|dek|sub-?head(?:er|line|ing)?|sub-?title|stand-?first|strap-?line)s?(?![a-z])")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HEADINGS = ("h1", "h2", "h3", "h4")
_SHORTEST_DECK = 30  # letters
_SHORTEST_HEADING = 55  # letters; a shorter heading that no class names may be the story's own first one
_LONGEST_DECK = 300
_REACH = 6  # blocks after the headline: deck, byline, date, share bar, picture, deck again
_PARAGRAPH = 60  # letters
_SHORTEST_LEAD = 80  # letters


def find_deck(blocks: Sequence[Block], chosen: Collection[int], titles: Collection[str]) -> int | None:
    """Number of the chosen block that is the page's deck; None where it has none.

    A deck is a heading, or so called by its class, right after the headline and before the first paragraph. It
    repeats the story in other words, as a second headline does.
    """
    start = _headline(blocks, titles)
    if start is None:
        return None
    for number in range(start + 1, min(start + 1 + _REACH, len(blocks))):
        block = blocks[number]
        if _is_deck(block):
            return number if number in chosen and _is_followed(blocks, chosen, number) else None
        if number in chosen and len(block.key) >= _SHORTEST_LEAD:
            return None
    return None


def find_lead(blocks: Sequence[Block], chosen: Collection[int]) -> int | None:
    """Number of a paragraph left out just before the first chosen one and beside it; None where there is none.

    Templates set the first paragraph in a container of its own ("summary", "intro"), which extractors drop by name.
    """
    first = min(
        (n for n in chosen if len(blocks[n].key) >= _PARAGRAPH and blocks[n].place.tag not in _HEADINGS), default=0
    )
    lead = first - 1
    if lead < 0 or lead in chosen:
        return None
    block = blocks[lead]
    beside = {id(place) for place in blocks[first].place.line() if place.tag != "body"}
    parent = block.home.parent
    told = len(block.key) >= _SHORTEST_LEAD and not block.link_share and SENTENCE_END.search(block.text) is not None
    if not told or block.place.tag in (*_HEADINGS, "figcaption") or parent is None or id(parent) not in beside:
        return None
    named = any(
        container_rule(place) or place.kind == "hidden" for place in block.place.line() if id(place) not in beside
    )
    return None if named or _is_deck(block) else lead


def _headline(blocks: Sequence[Block], titles: Collection[str]) -> int | None:
    keys = {letters(title) for title in titles}
    return next((n for n, block in enumerate(blocks) if block.place.tag == "h1" and block.key in keys), None)


def _is_deck(block: Block) -> bool:
    size = len(block.key)
    if size > _LONGEST_DECK or block.link_share > 0.5:
        return False
    called = _is_called_deck(block.place) or _is_called_deck(block.place.parent)
    return size >= _SHORTEST_DECK if called else block.place.tag in _HEADINGS and size >= _SHORTEST_HEADING


def _is_called_deck(place: Place | None) -> bool:
    return place is not None and bool(_DECK.search(_CAMEL.sub("-", place.names).replace("_", "-").lower()))


def _is_followed(blocks: Sequence[Block], chosen: Collection[int], number: int) -> bool:
    """The story that follows is longer than the deck; else the deck may be all there is."""
    return sum(len(blocks[n].key) for n in chosen if n > number) > len(blocks[number].key)
