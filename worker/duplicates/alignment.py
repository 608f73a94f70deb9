"""Two texts laid side by side: which passages they share, and what stands between those."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

_ANCHOR = 3  # words
_MAX_GAP = 40  # words on either side; more than that is another text, not a changed one
_MAX_REFINED_GAPS = 200


class Run(NamedTuple):
    """`length` words that stand at `left` in one text and at `right` in the other."""

    left: int
    right: int
    length: int


class Gap(NamedTuple):
    """What stands between two runs: `left` of one text against `right` of the other."""

    left: slice
    right: slice


def align(left: Sequence[str], right: Sequence[str]) -> tuple[Run, ...]:
    """Shared passages in the order of both texts.

    Patience diff (Bram Cohen): three-word sequences that are unique in both texts are the anchors, the
    longest increasing row of them the frame; short gaps are then compared word by word. Time grows
    with n log n and the number of gaps looked into is bounded, so that no input is slow.
    """
    frame = _join_anchors(_longest_rising(_find_anchors(left, right)))
    runs: list[Run] = []
    budget = _MAX_REFINED_GAPS
    for gap, run in zip(_spaces(frame, len(left), len(right)), [*frame, None], strict=True):
        if budget and _fits(gap):
            budget -= 1
            runs.extend(_compare_words(left, right, gap))
        if run:
            runs.append(run)
    return tuple(_merge(runs))


def gaps_between(runs: Sequence[Run]) -> Iterator[Gap]:
    """Gaps between neighbouring runs; either side may be empty."""
    for before, after in pairwise(runs):
        yield Gap(slice(before.left + before.length, after.left), slice(before.right + before.length, after.right))


def _find_anchors(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    there = _unique_places(right)
    return [(place, there[words]) for words, place in _unique_places(left).items() if words in there]


def _unique_places(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    places: dict[tuple[str, ...], int] = {}
    repeated = set()
    for place, shingle in enumerate(zip(words, words[1:], words[2:], strict=False)):
        if places.setdefault(shingle, place) != place:
            repeated.add(shingle)
    for shingle in repeated:
        del places[shingle]
    return places


def _longest_rising(anchors: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Longest subsequence that rises on both sides (patience sorting; `anchors` rise on the left)."""
    tops: list[int] = []
    piles: list[int] = []
    previous: list[int] = []
    for index, (_, right) in enumerate(anchors):
        pile = bisect_left(tops, right)
        previous.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(right)
            piles.append(index)
        else:
            tops[pile], piles[pile] = right, index
    chain = []
    index = piles[-1] if piles else -1
    while index >= 0:
        chain.append(anchors[index])
        index = previous[index]
    return chain[::-1]


def _join_anchors(anchors: list[tuple[int, int]]) -> list[Run]:
    runs: list[Run] = []
    for left, right in anchors:
        last = runs[-1] if runs else None
        if last and left - last.left == right - last.right and left <= last.left + last.length:
            runs[-1] = last._replace(length=left + _ANCHOR - last.left)
        elif not last or (left >= last.left + last.length and right >= last.right + last.length):
            runs.append(Run(left, right, _ANCHOR))
    return runs


def _spaces(runs: Sequence[Run], left_size: int, right_size: int) -> Iterator[Gap]:
    """Every gap, with the beginning before the first run and the end after the last one."""
    yield from gaps_between([Run(0, 0, 0), *runs, Run(left_size, right_size, 0)])


def _fits(gap: Gap) -> bool:
    return all(0 < side.stop - side.start <= _MAX_GAP for side in gap)


def _compare_words(left: Sequence[str], right: Sequence[str], gap: Gap) -> Iterator[Run]:
    matcher = SequenceMatcher(None, left[gap.left], right[gap.right], autojunk=False)
    for block in matcher.get_matching_blocks():
        if block.size:
            yield Run(gap.left.start + block.a, gap.right.start + block.b, block.size)


def _merge(runs: Sequence[Run]) -> list[Run]:
    merged: list[Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if last and (last.left + last.length, last.right + last.length) == run[:2]:
            merged[-1] = last._replace(length=last.length + run.length)
        else:
            merged.append(run)
    return merged
