"""Markup that hides a story from whoever goes by tags alone: menus never closed, shadow roots, bodies for browsers
without scripts."""

from __future__ import annotations

from worker.pages.tree.tree import Element

_SWALLOWING = ("nav", "button", "aside", "footer", "dialog")
_TELLING = ("p", "div", "section", "article", "li", "td", "blockquote", "span")  # what paragraphs are made of
_INLINE = ("b", "strong", "i", "em", "u", "span", "font", "time")
_PARAGRAPH = 60  # characters
_FEWEST_PARAGRAPHS = 3


def mend(tree: Element) -> None:
    """Makes plain containers of elements that hold most of the page's paragraphs, though by their tag they could not.

    A menu or a button that its author never closed swallows the page after it; a declarative shadow root is shown in
    its place (HTML standard, 4.12.3); a <noscript> body is what a page shows without scripts, and we run none.
    """
    whole = -1
    for element in list(tree.iter(*_SWALLOWING, "noscript", "template")):
        if element.tag == "template":
            if "shadowrootmode" in element.attrib:
                element.tag = "div"
            continue
        if len(_sizes(element, "p")) < _FEWEST_PARAGRAPHS:
            continue
        whole = sum(_sizes(tree, *_TELLING)) if whole < 0 else whole
        if sum(_sizes(element, *_TELLING)) * 2 > whole:
            _make_plain(element)


def _make_plain(element: Element) -> None:
    element.tag = "div"
    for name in ("class", "id", "role", "hidden"):
        element.attrib.pop(name, None)


def _sizes(element: Element, *tags: str) -> list[int]:
    return [size for each in element.iter(*tags) if (size := _size(each)) >= _PARAGRAPH]


def _size(element: Element) -> int:
    """Characters of its own outside of links: those of blocks within it are counted with them."""
    size = len((element.text or "").strip())
    for child in element:
        size += len((child.tail or "").strip()) + (len(child.text or "") if child.tag in _INLINE else 0)
    return size
