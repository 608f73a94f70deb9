"""What is known of one site, applied to its pages: a person's CSS selectors, and boxes that learned lines open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from worker.pages.article import RemovedLine, SiteProfile
from worker.pages.boilerplate.stripping import LEARNED, TEASER, normalize_line
from worker.pages.tree.block_reader import read_blocks
from worker.pages.tree.blocks import Block, Place
from worker.pages.tree.spacing import fold_space
from worker.pages.tree.tree import Element, drop_element

_DROPPED = "site-drop"
_BOX = "learned-box"
LEARNED_RULES = (LEARNED, _BOX)

_STORY_TAGS = ("article", "main", "body", "html")
_MOST_OF_BOX = 12  # lines; more is a part of the page, not a box in it
_MOST_SHARE = 0.3  # of the main text's letters
_START = 12  # letters by which most elements are told to be no teaser
_LONGEST_TEASER = 1_200  # characters, as they stand in the tree
_INLINE = ("a", "abbr", "b", "cite", "em", "i", "mark", "q", "s", "small", "span", "strong", "time", "u")
_NEVER_SHOWN = ("script", "style", "noscript", "template")
_PARAGRAPH = 120  # letters of a sentence that no box of pointers has


def is_selector(selector: str) -> bool:
    """Whether `selector` is CSS this room understands; the configuration asks before it accepts one."""
    return _compile(selector) is not None


def drop_elements(tree: Element, selectors: Iterable[str]) -> tuple[RemovedLine, ...]:
    """Takes the matching elements out of the tree; their lines are accounted for. Wrong selectors match nothing."""
    removed: list[RemovedLine] = []
    for element in _matches(tree, selectors):
        if element.getparent() is None or element.tag in ("html", "body"):
            continue
        removed += [RemovedLine(block.text, _DROPPED) for block in read_blocks(element)]
        element.drop_tree()
    return tuple(removed)


def drop_teasers(body: Element, teasers: Collection[str]) -> tuple[RemovedLine, ...]:
    """Takes the elements out of which a teaser is all they say, so that no choice of the main text goes by them."""
    starts = {line[:_START] for line in teasers}
    removed: list[RemovedLine] = []
    for element in list(body.iterdescendants()) if teasers else ():
        text = _short_text(element, starts)
        if text and normalize_line(text) in teasers and not _is_in_sentence(element):
            removed.append(RemovedLine(text, TEASER))
            drop_element(element)
    return tuple(removed)


def _is_in_sentence(element: Element) -> bool:
    """Whether an element is a part of a line: what stands around it says more."""
    parent = element.getparent()
    if parent is None or element.tag not in _INLINE:
        return parent is None
    around = [parent.text, *(each.tail for each in parent)]
    return any(text and normalize_line(text) for text in around)


def _short_text(element: Element, starts: Collection[str]) -> str:
    """What the element says, "" where that is too long for a teaser, or begins as none of them."""
    if not isinstance(element.tag, str) or element.tag in _NEVER_SHOWN:
        return ""
    parts: list[str] = []
    length = begun = 0
    for part in element.itertext():
        parts.append(part)
        length += len(part)
        if length > _LONGEST_TEASER:
            return ""
        if not begun and len(start := normalize_line("".join(parts))) >= _START:
            if start[:_START] not in starts:
                return ""
            begun = 1
    return fold_space(" ".join(parts)) if begun else ""


def kept_blocks(body: Element, selectors: Iterable[str]) -> list[Block]:
    """Blocks of the matching elements in page order: the main text, by the person's word."""
    found = list(_matches(body, selectors))
    inner = {id(below) for element in found for below in element.iterdescendants()}
    return [block for element in found if id(element) not in inner for block in read_blocks(element)]


def learned_boxes(blocks: Sequence[Block], chosen: Collection[int], site: SiteProfile | None) -> dict[int, str]:
    """Block number → rule, for the chosen blocks of boxes whose first line was learned.

    What such a heading stands over changes from page to page (the most read, the latest): the place recurs, not
    the lines. A container with a real paragraph, or a good part of the main text, is no such box.
    """
    if site is None or not site.boilerplate:
        return {}
    total = sum(len(blocks[number].key) for number in chosen) or 1
    verdicts: dict[int, str] = {}
    for number in sorted(chosen):
        if number not in verdicts and blocks[number].key in site.boilerplate:
            box = _box_under(number, blocks)
            if sum(len(blocks[inner].key) for inner in box) <= total * _MOST_SHARE:
                verdicts.update({inner: _BOX for inner in box if inner in chosen and inner != number})
    return verdicts


def _box_under(heading: int, blocks: Sequence[Block]) -> list[int]:
    """The blocks of the smallest container of several lines that the heading opens; none where it opens no box."""
    for place in _containers(blocks[heading]):
        inside = [number for number, block in enumerate(blocks) if any(up is place for up in block.place.line())]
        if len(inside) == 1:
            continue
        is_box = inside[0] == heading and len(inside) <= _MOST_OF_BOX
        return inside if is_box and not any(blocks[number].is_told(_PARAGRAPH) for number in inside) else []
    return []


def _containers(block: Block) -> Iterable[Place]:
    for place in block.home.line():
        if place.tag in _STORY_TAGS:
            return
        yield place


def _matches(tree: Element, selectors: Iterable[str]) -> list[Element]:
    compiled = [css for selector in selectors if (css := _compile(selector)) is not None]
    wanted = {element for css in compiled for element in css(tree)}
    return [element for element in tree.iter() if element in wanted] if wanted else []


def _compile(selector: str) -> Element | None:
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector

    try:
        return CSSSelector(selector, translator="html")
    except (SelectorError, ValueError, SyntaxError):
        return None
