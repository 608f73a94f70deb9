"""Which blocks of a page are its main text: trafilatura's vote, mapped onto our own blocks.

Trafilatura finds the text; the blocks give it back as the page wrote it (no word glued where a tag was dropped) and
say of each line what the markup knew: heading, link, caption, container.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from functools import cache
from itertools import accumulate
from typing import Any

from worker.pages.boilerplate.cards import cut_off_teasers
from worker.pages.boilerplate.containers import container_rule
from worker.pages.main_text.comment_sections import comment_sections
from worker.pages.main_text.comment_threads import comment_threads
from worker.pages.main_text.completion import NEAR_WHOLE, Story, reader_comments
from worker.pages.main_text.other_stories import other_stories
from worker.pages.main_text.picture_stories import told_captions
from worker.pages.main_text.root import headings_of
from worker.pages.main_text.witness import lost_paragraphs, testimony
from worker.pages.tree.block_reader import PLAIN
from worker.pages.tree.blocks import Block, letters
from worker.pages.tree.tree import Element

# What a library of heuristics may raise on a tree nobody foresaw.
FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_TELLING = 30  # letters that are found within a block by no accident
_MOST_TRIES = 20
_PIECES = re.compile(r"\||(?<=[.!?”\"])\s+")


# Share of letters within links above which a choice is the page's navigation, not its text.
_MOST_LINKED = 0.5
_FEWEST_LETTERS = 200
# Elements left then: 460 on the median news page, 3,200 on the largest of 280. Trafilatura spent 8 s and 500 MB on a
# page of 100,000; the witness needs one second.
_MOST_ELEMENTS = 20_000
_MOST_PLAIN = 50_000
_WITHOUT_TEXT = (
    "head", "script", "style", "noscript", "template", "svg", "select", "nav", "canvas", "aside", "footer", "button",
    "img", "picture", "source", "video", "audio", "object", "embed", "link", "meta", "map", "dialog",
)  # fmt: skip


def choose_blocks(tree: Element, blocks: list[Block]) -> set[int]:
    """Numbers of the blocks that are the page's main text.

    Trafilatura's fast mode is right on 19 pages of 20 at twice the speed; where its choice is mostly links or hardly
    anything, its slower fallbacks are asked, and where they fare no better, the witness is believed. Then
    paragraphs it left behind in containers of the same kind are fetched.
    """
    from lxml import etree

    # Trafilatura copies the tree several times; without these, which it drops too, it takes a third less.
    etree.strip_elements(tree, *_WITHOUT_TEXT, with_tail=False)
    if tree.xpath(f"count(.//{PLAIN})") <= _MOST_PLAIN:  # each appends to the text before it
        etree.strip_tags(tree, PLAIN)
    if tree.xpath("count(.//*)") > _MOST_ELEMENTS:
        return testimony(blocks)
    chosen = vote(tree, blocks, fast=True)
    if not _is_sound(blocks, chosen):
        again = vote(tree, blocks, fast=False)
        if _is_sound(blocks, again):
            chosen = again
        elif _is_sound(blocks, witness := testimony(blocks)):
            chosen = witness
        else:
            chosen = max((chosen, again), key=lambda choice: _unlinked(blocks, choice))
    others = other_texts(blocks)
    headings = headings_of(blocks)
    chosen = _without(blocks, chosen, others)
    chosen = chosen | (lost_paragraphs(blocks, chosen) - others)
    story = Story(blocks, chosen, headings, others).completed()
    if story.share() < NEAR_WHOLE and story.is_told_better_by(again := vote(tree, blocks, fast=False)):
        chosen = set(story.chosen)
        chosen = chosen | again if _overlap(blocks, chosen, again) else again
        chosen = _without(blocks, chosen | lost_paragraphs(blocks, chosen), others)
        story = Story(blocks, chosen, headings, others).completed()
    found = {*story.chosen, *story.between(), *story.key_points()}
    return found | (told_captions(blocks, found) - others)


def other_texts(blocks: list[Block]) -> set[int]:
    """Numbers of the blocks that are readers' comments or tell of other stories."""
    comments = reader_comments(blocks) | comment_threads(blocks) | comment_sections(blocks)
    return comments | cut_off_teasers(blocks) | other_stories(blocks)


def told_besides(blocks: list[Block], chosen: Collection[int]) -> set[int]:
    """Numbers of the first paragraph below the headline that was not chosen, and of those beside it: for a choice
    of which nothing stays. A brief is less than the note under it."""
    first = next((number for number, block in enumerate(blocks) if block.headline), None)
    if first is None:
        return set()
    others = other_texts(blocks)
    told = [n for n in range(first, len(blocks)) if blocks[n].is_told() and n not in chosen and n not in others]
    told = [number for number in told if not any(map(container_rule, blocks[number].place.line()))]
    return {number for number in told if blocks[number].home is blocks[told[0]].home}


def _without(blocks: list[Block], chosen: set[int], others: set[int]) -> set[int]:
    """The choice without what is of others; where it was hardly anything else, what the witness says of the rest."""
    rest = chosen - others
    if len(rest) == len(chosen) or _is_sound(blocks, rest):
        return rest
    numbers = [number for number in range(len(blocks)) if number not in others]
    witness = {numbers[place] for place in testimony([blocks[number] for number in numbers])}
    return witness if _is_sound(blocks, witness) else rest or witness or chosen


def _overlap(blocks: list[Block], one: set[int], other: set[int]) -> bool:
    """Whether at least half of the one is in the other too: what is not may be a box that looked like the story."""
    return sum(len(blocks[n].key) for n in one & other) * 2 >= sum(len(blocks[n].key) for n in one)


def _is_sound(blocks: list[Block], chosen: set[int]) -> bool:
    size = sum(len(blocks[n].key) for n in chosen)
    return size >= _FEWEST_LETTERS and _unlinked(blocks, chosen) >= size * (1 - _MOST_LINKED)


def _unlinked(blocks: list[Block], chosen: set[int]) -> float:
    return sum(len(blocks[n].key) * (1 - blocks[n].link_share) for n in chosen)


def vote(tree: Element, blocks: list[Block], *, fast: bool) -> set[int]:
    """Numbers of the blocks trafilatura takes for main text; `fast` leaves out its own two fallbacks."""
    return _align(_lines(tree, fast=fast), blocks)


def _lines(tree: Element, *, fast: bool) -> list[str]:
    from trafilatura import bare_extraction  # 35 MB that a process which never reads a page should not pay

    try:
        document = bare_extraction(tree, options=_options(fast=fast))
    except FAULTS:
        return []
    text = getattr(document, "text", None)
    return text.split("\n") if isinstance(text, str) else []


@cache
def _options(*, fast: bool) -> Any:
    """How trafilatura is asked, made once: it reads its configuration and the clock for it."""
    from trafilatura.settings import Extractor

    # Its complaints about a page are our typed outcomes.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    return Extractor(output_format="python", fast=fast, comments=False)


def _align(lines: list[str], blocks: list[Block]) -> set[int]:
    """Blocks at least half covered by the lines, compared by letters and digits alone.

    A line may hold several blocks (a list, a table row) and a block several lines, so lines are looked up in
    the concatenation of all blocks, each after the one before it where possible.
    """
    keys = ["" if block.menu else block.key for block in blocks]  # the vote has not seen the menus
    whole = "".join(keys)
    ends = list(accumulate(map(len, keys)))
    covered = [0] * len(blocks)
    for start, end in _places(lines, whole, ends):
        for number in range(bisect_right(ends, start), bisect_left(ends, end) + 1):
            block_start = ends[number] - len(keys[number])
            covered[number] += min(end, ends[number]) - max(start, block_start)
    return {n for n, key in enumerate(keys) if key and covered[n] * 2 >= len(key)}


def _places(lines: list[str], whole: str, ends: list[int]) -> Iterator[tuple[int, int]]:
    """Where the lines' letters stand; a line found nowhere (a table cell with parts left out) by its sentences."""
    position = 0
    for line in lines:
        key = letters(line)
        start = _find(key, whole, position, ends) if key else -1
        if start >= 0:
            position = start + len(key)
            yield start, position
        elif key and key not in whole:
            for piece in filter(None, map(letters, _PIECES.split(line))):
                start = _find(piece, whole, position, ends)
                if start >= 0:
                    position = start + len(piece)
                    yield start, position


def _find(key: str, whole: str, position: int, ends: list[int]) -> int:
    """Where the line stands; a short one only where a block begins, since letters recur within words."""
    for start in (position, 0):
        at = whole.find(key, start)
        for _ in range(_MOST_TRIES):
            if at < 0 or len(key) >= _TELLING or _begins_block(at, ends):
                break
            at = whole.find(key, at + 1)
        else:
            at = -1
        if at >= 0:
            return at
    return -1


def _begins_block(at: int, ends: list[int]) -> bool:
    place = bisect_left(ends, at)
    return at == 0 or (place < len(ends) and ends[place] == at)
