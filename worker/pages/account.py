"""Every line of a page in order, with what became of it: for a person who tries a rule or a selector."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from worker.pages.article import ExtractedArticle
from worker.pages.extraction import bounded
from worker.pages.tree.block_reader import read_blocks
from worker.pages.tree.blocks import letters
from worker.pages.tree.decoding import decode_page
from worker.pages.tree.mending import mend
from worker.pages.tree.tree import parse_page

OUTSIDE = "not-main-text"
"""The rule of lines that the extraction never took for the story's."""

_MOST_PAIRS = 200_000  # looked at in about a second, in the worst order there is
_TELLING = 30  # letters by which a line is known again of which something was cut out


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page; `rule` says what took it out, "" that it stays."""

    line: str
    rule: str


def account_for(html: bytes, article: ExtractedArticle, *, content_type: str = "") -> tuple[PageLine, ...]:
    """Return the page's lines in order, each as the article that was read from it kept or removed it.

    What stands in the article and nowhere on the page (a text that only its JSON-LD holds) comes last. The page is
    parsed once more: this is for looking, not for reading many. Of a page with thousands of equal lines, only those
    that were kept come, then those that were removed.
    """
    html, _ = bounded(html)
    tree, _ = parse_page(decode_page(html, content_type))
    if tree is not None:
        mend(tree)
    body = None if tree is None else tree.find("body")
    lines = [] if tree is None else [block.text for block in read_blocks(tree if body is None else body)]
    kept = [line for line in article.text.split("\n\n") if line]
    if _are_crowded(lines, kept, article):
        return (*(PageLine(line, "") for line in kept), *(PageLine(one.line, one.rule) for one in article.removed))
    fates: dict[int, list[PageLine]] = {}
    lost = _place_kept(lines, kept, fates)
    lost += _place_removed(lines, article, fates)
    placed = (fates.get(number, [PageLine(line, OUTSIDE)]) for number, line in enumerate(lines))
    return (*(fate for found in placed for fate in found), *lost)


def _are_crowded(lines: Sequence[str], kept: Sequence[str], article: ExtractedArticle) -> bool:
    """Whether so many lines could be meant by so many others that finding out which are would take minutes."""
    page, told = Counter(map(letters, lines)), Counter(map(letters, kept))
    placed = told + Counter(letters(one.line) for one in article.removed)
    lost = sum(count for line, count in told.items() if line not in page)
    return sum(page[line] * count for line, count in placed.items()) + lost * len(lines) > _MOST_PAIRS


def _place_kept(lines: Sequence[str], kept: Sequence[str], fates: dict[int, list[PageLine]]) -> list[PageLine]:
    """The story is one run of the page's lines: of two equal lines the one within that run is meant."""
    page, text = [letters(line) for line in lines], [letters(line) for line in kept]
    found: dict[int, int] = {}
    for start, begin, length in SequenceMatcher(None, page, text, autojunk=False).get_matching_blocks():
        found.update((begin + step, start + step) for step in range(length))
    lost = []
    for number, line in enumerate(kept):
        place = found.get(number, next((at for at, key in enumerate(page) if _is_start(text[number], key)), None))
        if place is None or place in fates:
            lost.append(PageLine(line, ""))
        else:
            fates[place] = [PageLine(line, "")]
    return lost


def _is_start(text: str, line: str) -> bool:
    """Whether the text is the line's, up to where something was cut out of it."""
    return bool(text) and line.startswith(text[:_TELLING] if len(text) > _TELLING else text)


def _place_removed(lines: Sequence[str], article: ExtractedArticle, fates: dict[int, list[PageLine]]) -> list[PageLine]:
    first, last = min(fates, default=0), max(fates, default=len(lines))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        places[letters(line)].append(number)
    lost = []
    for removed in article.removed:
        fate, key = PageLine(removed.line, removed.rule), letters(removed.line)
        free = [number for number in places[key] if number not in fates]
        if free:
            fates[min(free, key=lambda number: (max(first - number, number - last, 0), number))] = [fate]
        elif (rest := _cut_line(lines, key, fates)) is not None:
            fates[rest].append(fate)
        else:
            lost.append(fate)
    return lost


def _cut_line(lines: Sequence[str], key: str, fates: dict[int, list[PageLine]]) -> int | None:
    """The line of which another part was kept."""
    return next(
        (number for number in fates if key and len(key) < len(whole := letters(lines[number])) and key in whole), None
    )
