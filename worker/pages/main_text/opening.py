"""Between a page's headline and its story: the standfirst, which sums the story up, and the lead, which opens it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from worker.pages.boilerplate.containers import container_rule
from worker.pages.tree.blocks import Block, Place, letters
from worker.pages.tree.names import fold_names
from worker.pages.tree.spacing import ends_sentence

_DECK = re.compile(
    r"(?<![a-z])(?:deck|dek|sub-?head(?:er|line|ing)?|sub-?t[ií]t(?:le|ulo)|stand-?first|strap-?line|bajada"
    r"|copete|entradilla|sumario"
    r"|chap(?:o|eau)|sapo|linha-fina|gravata|vorspann|sottotitolo)s?(?![a-z])"
)
_HEADINGS = ("h1", "h2", "h3", "h4")
_SHORTEST_DECK = 30  # letters
_SHORTEST_HEADING = 55  # letters; a shorter heading that no class names may be the story's own first one
_LONGEST_DECK = 400
_TELLING = 60  # letters in which a description and the standfirst agree; either may be cut after them
_MOST_LINKED = 0.3
_REPEATED = 0.8  # share of its longer words
_WORD = re.compile(r"[^\W_]{4,}")
_REACH = 8  # blocks after the headline: deck, byline, date, share bar, picture, deck again
_PARAGRAPH = 60  # letters
_SHORTEST_LEAD = 80  # letters


def find_standfirst(
    blocks: Sequence[Block], chosen: Collection[int], titles: Collection[str], description: str
) -> tuple[int | None, bool]:
    """Number of the page's standfirst (None where it has none), and whether it tells what nothing else does.

    It stands between headline and story: so called by its class, or what the page gives as its own description; or a
    second heading that the extractor took for text. The story repeats it where nearly all of its words are used again.
    """
    start = _headline(blocks, titles)
    if start is None:
        return None, False
    told = letters(description)[:_TELLING]
    for number in range(start + 1, min(start + 1 + _REACH, len(blocks))):
        block = blocks[number]
        if len(block.key) >= _SHORTEST_DECK and _may_be_deck(block):
            described = len(told) >= _SHORTEST_DECK and (block.key.startswith(told) or told.startswith(block.key))
            called = _is_deck(block, number in chosen)
            if described and not called and number in chosen:
                return None, False  # the description is the story's first paragraph
            if described or called:
                return number, not _is_repeated(blocks, chosen, number)
        if number in chosen and len(block.key) >= _SHORTEST_LEAD and block.place.tag not in _HEADINGS:
            break
    return None, False


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
    told = len(block.key) >= _SHORTEST_LEAD and not block.link_share and ends_sentence(block.text)
    if not told or block.place.tag in (*_HEADINGS, "figcaption") or parent is None or id(parent) not in beside:
        return None
    named = any(
        container_rule(place) or place.kind == "hidden" for place in block.place.line() if id(place) not in beside
    )
    return None if named else lead


def _headline(blocks: Sequence[Block], titles: Collection[str]) -> int | None:
    keys = {letters(title) for title in titles}
    return next((n for n, block in enumerate(blocks) if block.headline and block.key in keys), None)


def _may_be_deck(block: Block) -> bool:
    if len(block.key) > _LONGEST_DECK or block.link_share > _MOST_LINKED:
        return False
    return not any(place.tag in ("figure", "figcaption", "nav", "footer") for place in block.place.line())


def _is_deck(block: Block, taken: bool) -> bool:
    if _is_called_deck(block.place) or _is_called_deck(block.place.parent):
        return taken or ends_sentence(block.text) or block.place.tag in _HEADINGS
    return taken and block.place.tag in _HEADINGS and len(block.key) >= _SHORTEST_HEADING


def _is_called_deck(place: Place | None) -> bool:
    return place is not None and bool(_DECK.search(fold_names(place.names)))


def _is_repeated(blocks: Sequence[Block], chosen: Collection[int], number: int) -> bool:
    """Whether the story that follows uses nearly all of its words; a story shorter than it repeats nothing."""
    later = [blocks[n] for n in chosen if n > number]
    if sum(len(block.key) for block in later) <= len(blocks[number].key):
        return False
    words = _WORD.findall(blocks[number].text.casefold())
    used = {word for block in later for word in _WORD.findall(block.text.casefold())}
    return sum(word in used for word in words) >= len(words) * _REPEATED
