"""Lists of links to other stories inside the main text, told by form and place before anything is learned of a site."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Sequence

from worker.pages.boilerplate.rules import matching_rule
from worker.pages.tree.blocks import Block
from worker.pages.tree.spacing import ends_sentence

_LINKED = 0.9  # share of an entry's letters within links
_KICKED = 0.6  # the same, of an entry that begins with a kicker: "Weather: Gale breaks windows"
_KICKER = re.compile(r"[^:.!?]{2,30}:\s+\S")
_ADDRESS = re.compile(r"https?:|www\.")  # a source, given as one
_LONGEST = 200
_FEWEST_WORDS = 3  # of an entry; a shorter one is a name or a number
_HEADLINE_WORDS = 5  # of a lone entry that is a headline
_ITEM_TAGS = ("li", "h2", "h3", "h4", "h5")
_INTRODUCED = re.compile(r":\W*$")
_SHORTEST_INTRODUCTION, _LONGEST_LABEL = 30, 40  # characters
_MOST_RUNS, _MOST_ENTRIES = 4, 12  # between paragraphs; more of them are what the story is about
_MOST_SHARE = 0.3  # of the text's letters
_MOST_OF_SHORT = 2.0  # times the story, that a dozen entries beside it may be: a story may be short


def link_lists(blocks: Sequence[Block], chosen: Collection[int], condemned: Container[int]) -> dict[int, str]:
    """Block number → "link-list", for the entries of lists that point elsewhere.

    Before the story begins and after it ends any run of entries is one. Between its paragraphs a run of list items or
    headings is, unless a paragraph introduces it with a colon: then it is the story's own, as are many runs.
    """
    order = [number for number in sorted(chosen) if number not in condemned]
    told = [number for number in order if blocks[number].is_told()]
    if not told:
        return {}
    outer: list[int] = []
    within: list[list[int]] = []
    for before, run in _runs(blocks, order):
        outside = run[-1] < told[0] or run[0] > told[-1]
        if before is not None and _introduces(blocks[before]) and not outside:
            continue
        headed = [before, *run] if before is not None and _is_label(blocks[before]) else run
        if outside:
            outer += headed
        elif _points_elsewhere([blocks[number] for number in run]):
            within.append(headed)
    inner = [number for run in within for number in run]
    if (
        len(within) > _MOST_RUNS
        or len(inner) > _MOST_ENTRIES
        or _size(blocks, inner) > _size(blocks, order) * _MOST_SHARE
    ):
        inner = []
    story = _size(blocks, told)
    if _size(blocks, outer) > story * (_MOST_OF_SHORT if len(outer) <= _MOST_ENTRIES else _MOST_SHARE):
        outer = []
    return dict.fromkeys([*outer, *inner], "link-list")


def _size(blocks: Sequence[Block], numbers: Iterable[int]) -> int:
    return sum(len(blocks[number].key) for number in numbers)


def _runs(blocks: Sequence[Block], order: Sequence[int]) -> Iterator[tuple[int | None, list[int]]]:
    """Entries one after the other, with the block before them."""
    before: int | None = None
    run: list[int] = []
    for number in order:
        if _is_entry(blocks[number]):
            run.append(number)
            continue
        if run:
            yield before, run
        before, run = number, []
    if run:
        yield before, run


def _is_entry(block: Block) -> bool:
    is_sentence = block.text.endswith(".")  # a step, a source: headlines have no stop
    if is_sentence or len(block.text) > _LONGEST or block.text.count(" ") + 1 < _FEWEST_WORDS:
        return False
    return block.link_share >= (_LINKED if block.place.tag != "p" and not _KICKER.match(block.text) else _KICKED)


def _introduces(block: Block) -> bool:
    """Whether the story announces a list of its own: "The council has published these papers:". A label is no
    sentence."""
    return (
        _INTRODUCED.search(block.text) is not None
        and len(block.text) >= _SHORTEST_INTRODUCTION
        and matching_rule(block.text) is None
    )


def _is_label(block: Block) -> bool:
    """Whether a short line without a stop stands over a list, as its heading."""
    return len(block.text) <= _LONGEST_LABEL and not ends_sentence(block.text) and not block.link_share


def _points_elsewhere(run: Sequence[Block]) -> bool:
    """Items or headings of a list; or paragraphs of a label and a link, which are no sentences."""
    if all(map(_is_item, run)):
        return _is_list(run)
    return all(each.link_share < _LINKED and not _ADDRESS.search(each.text) for each in run)


def _is_item(block: Block) -> bool:
    return any(place.tag in _ITEM_TAGS for place in block.place.line())


def _is_list(run: Sequence[Block]) -> bool:
    """Several entries; or one list item that is long enough to be a headline."""
    only = run[0]
    return len(run) > 1 or (only.text.count(" ") + 1 >= _HEADLINE_WORDS and only.place.tag == "li")
