"""A person's CSS selectors for one site, applied to its pages."""

from __future__ import annotations

from collections.abc import Iterable

from worker.pages.article import RemovedLine
from worker.pages.blocks import Block, read_blocks
from worker.pages.tree import Element

_RULE = "site-drop"


def is_selector(selector: str) -> bool:
    """Whether `selector` is CSS this room understands; the configuration asks before it accepts one."""
    return _compile(selector) is not None


def drop_elements(tree: Element, selectors: Iterable[str]) -> tuple[RemovedLine, ...]:
    """Takes the matching elements out of the tree; their lines are accounted for. Wrong selectors match nothing."""
    removed: list[RemovedLine] = []
    for element in _matches(tree, selectors):
        if element.getparent() is None or element.tag in ("html", "body"):
            continue
        removed += [RemovedLine(block.text, _RULE) for block in read_blocks(element)]
        element.drop_tree()
    return tuple(removed)


def kept_blocks(body: Element, selectors: Iterable[str]) -> list[Block]:
    """Blocks of the matching elements in page order: the main text, by the person's word."""
    found = list(_matches(body, selectors))
    inner = {id(below) for element in found for below in element.iterdescendants()}
    return [block for element in found if id(element) not in inner for block in read_blocks(element)]


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
