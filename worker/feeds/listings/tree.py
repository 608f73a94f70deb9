"""A listing page as a tree, within bounds: its links, and the box that belongs to each of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from worker.errors import DocumentError
from worker.feeds.encoding import decode_document
from worker.feeds.fields import absolute_url
from worker.feeds.packing import unpack

Element = Any  # an lxml element: lxml ships no types

_MAX_READ = 4_000_000  # characters; a page of 50,000 links has fewer
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}>")  # libxml2 compares each attribute of a tag with all before it
_MOST_TEXT = 1_000  # characters of an element that are looked at
_SKIPPED = frozenset({"script", "style", "template", "noscript"})


class ListingPage(NamedTuple):
    """A page's tree, and what its links are relative to."""

    tree: Element
    base: str


def read_page(document: bytes, url: str, content_type: str = "") -> ListingPage:
    """Read a page; raises DocumentError `empty` or `unreadable`."""
    from lxml import etree, html  # 12 MB that a process which reads no page should not pay

    text = _LONG_TAG.sub("", decode_document(unpack(document), content_type).text[:_MAX_READ])
    if not text.strip():
        raise DocumentError("empty", "the page is empty")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = html.document_fromstring(text.replace("\0", "").encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as fault:
        raise DocumentError("unreadable", f"the page cannot be read: {str(fault)[:120]}") from fault
    named = next((element.get("href") for element in tree.iter("base") if element.get("href")), "")
    return ListingPage(tree, absolute_url(named, url) or url)


def href_of(element: Element, base: str) -> str:
    """Return where a link leads, "" for an element that is none."""
    return absolute_url(element.get("href"), base)


def boxes_of(links: Sequence[tuple[Element, str]]) -> list[Element]:
    """Return each link's box: the largest element around it that holds no link to anywhere else.

    `links` are elements with their addresses; a picture and a headline that lead to one place share a box.
    """
    held: dict[Element, str] = {}
    several = Counter[Element]()
    for element, url in links:
        for around in (element, *element.iterancestors()):
            if held.setdefault(around, url) != url:
                several[around] += 1
    return [_largest(element, several) for element, _ in links]


def _largest(element: Element, several: Counter[Element]) -> Element:
    box = element
    for around in element.iterancestors():
        if several[around] or around.tag in ("body", "html"):
            break
        box = around
    return box


def text_of(element: Element) -> str:
    """Return what an element says, on one line and bounded."""
    said, length = [], 0
    for part in _texts(element):
        said.append(part)
        length += len(part)
        if length > _MOST_TEXT:
            break
    return " ".join("".join(said).split())[:_MOST_TEXT]


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from (" ", *_texts(child), " ") if child.tag in ("br", "div", "p", "li") else _texts(child)
        yield child.tail or ""
