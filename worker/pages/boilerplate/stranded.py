"""Lines that are left of a box whose rest was no text: headings over lists of links, and what stands behind the story
in containers that hold none of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Sequence

from worker.pages.tree.blocks import Block
from worker.text.characters import UNSPACED

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LINKED = 0.5
_MOST_SHARE = 0.3  # of the text; more are what the story ends with
_LONGEST_SCRAP = 12  # letters
_ENDS = ".!?…"
_WORD = re.compile(r"\w")
_DENSE = re.compile(f"[{UNSPACED}\uac00-\ud7af]")
_OWN = ("li", "td", "th", "dt", "dd", "pre", "blockquote")  # a story may end in them


def stranded_lines(blocks: Sequence[Block], chosen: Collection[int], condemned: Container[int]) -> dict[int, str]:
    """Block number → "stranded", for the chosen blocks that are such lines."""
    order = [number for number in sorted(chosen) if number not in condemned]
    told = [number for number in order if blocks[number].is_told()]
    if not told:
        return {}
    kinds = {blocks[number].home.form for number in told}
    behind = {n for n in order if n > told[-1] and not _is_own(blocks[n]) and blocks[n].home.form not in kinds}
    if sum(len(blocks[n].key) for n in behind) > sum(len(blocks[n].key) for n in order) * _MOST_SHARE:
        behind = set()
    before = {n for n in order if n < told[0] and blocks[n].home.form not in kinds and _is_scrap(blocks[n])}
    return dict.fromkeys((*before, *behind, *_over_links(blocks, [n for n in order if n not in behind])), "stranded")


def _is_scrap(block: Block) -> bool:
    """A number or a word alone, which what counts and labels leaves behind. Some scripts write a sentence so short."""
    is_own = block.headline or block.place.tag in (*_HEADINGS, "li", "td", "th")
    return len(block.key) <= _LONGEST_SCRAP and not is_own and not _DENSE.search(block.key)


def _over_links(blocks: Sequence[Block], order: Sequence[int]) -> Iterator[int]:
    """Headings between which and the next one, or the text's end, stands nothing but what was left out as links."""
    kept = set(order)
    for number, after in zip(order, (*order[1:], len(blocks)), strict=True):
        if blocks[number].place.tag not in _HEADINGS or _goes_on(blocks, number, after):
            continue
        under = list(_section(blocks, number, after))
        if under and not kept.intersection(under) and _is_linked([blocks[each] for each in under]):
            yield number


def _goes_on(blocks: Sequence[Block], heading: int, after: int) -> bool:
    """Whether what comes next is of the heading's section: text, or a lesser heading."""
    own = _HEADINGS.index(blocks[heading].place.tag)
    return after < len(blocks) and blocks[after].place.tag not in _HEADINGS[: own + 1]


def _section(blocks: Sequence[Block], heading: int, after: int) -> Iterator[int]:
    for number in range(heading + 1, after):
        if blocks[number].place.tag in _HEADINGS:
            return
        yield number


def _is_linked(blocks: Sequence[Block]) -> bool:
    size = sum(len(block.key) for block in blocks)
    return sum(len(block.key) * block.link_share for block in blocks) >= size * _LINKED


def ends_in_sentence(text: str) -> bool:
    """Whether a sentence stands at its end, however short: a word, something behind it, and a mark that ends it."""
    body = text.rstrip("\"'”»)")
    if not body or body[-1] not in _ENDS:
        return False
    begin = max(body.rfind(end, 0, -1) for end in ".!?") + 1
    before, blank, _ = body[begin:-2].rpartition(" ")
    return bool(blank) and _WORD.search(before) is not None


def _is_own(block: Block) -> bool:
    if block.is_told() or (not block.link_share and ends_in_sentence(block.text)):
        return True
    return block.link_share < _LINKED and any(up.tag in _OWN for up in block.place.line())
