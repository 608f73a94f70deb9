"""A page's text → one lxml tree, within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from worker.pages.tree.double_encoding import undo_double_encoding

Element = Any  # an lxml element: lxml ships no types

# Characters XML forbids; lxml would stop at a NUL. Lone surrogates go when the text is encoded.
_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32)])
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
# libxml2 compares each attribute of a tag with all before it: 200,000 on one tag cost 80 s, 256 nothing.
_MAX_ATTRIBUTES = 256
_LONG = 2_000  # bytes
_LONG_TAG = re.compile(rb"<[a-zA-Z][^>]{%d}" % _LONG)
_MANY_VALUES = 20_000
_TAG_START = re.compile(rb"<[a-zA-Z][^\s/>]*+")
_ATTRIBUTE = re.compile(rb"\s*[^\s\"'>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?|\s*/(?!>)|\s*[\"'=]")
_MANY_ATTRIBUTES = re.compile(rb"%s(?>%s){%d}+" % (_TAG_START.pattern, _ATTRIBUTE.pattern, _MAX_ATTRIBUTES + 1))
# What a page nested too deeply is reduced to: paragraphs, headings, links and line ends. Any other tag, whatever
# its name, becomes a line end.
_KEPT_TAGS = b"html|head|title|meta|link|script|style|noscript|body|p|h[1-6]|a|br|time|iframe|input"
_CONTAINERS = re.compile(rb"(?:</?(?!(?:%s)\b)[a-z][^<>]*>\s*)+" % _KEPT_TAGS, re.IGNORECASE)


def parse_page(text: str) -> tuple[Element | None, bool]:
    """The page's tree (None where there is nothing to parse), and whether text was lost to its nesting.

    libxml2 silently stops at 256 levels; such a page is read again without the containers that only nest, which
    recovers its text. True is returned where even that was too deep.
    """
    data = _bound_attributes(_encode(undo_double_encoding(text)))
    tree, too_deep = _parse(data)
    if too_deep:
        tree, too_deep = _parse(_CONTAINERS.sub(b"<br>", data))
    return tree, too_deep


def drop_element(element: Element) -> None:
    """Takes an element out of its tree; the text after it stays."""
    if element.tail and not element.tail.isspace():
        element.drop_tree()
    elif (parent := element.getparent()) is not None:
        parent.remove(element)


def _parse(data: bytes) -> tuple[Element | None, bool]:
    from lxml import etree, html  # 12 MB that a process which never reads a page should not pay

    parser = html.HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    # One class for all elements, looked up in C; lxml.html's own lookup is a Python call for each.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None, False
    return tree, any("Excessive depth" in error.message for error in parser.error_log)


def _encode(text: str) -> bytes:
    data = text.encode("utf-8", "replace").translate(None, _FORBIDDEN)
    if b"\xef\xbf" in data:
        for character in _NO_CHARACTERS:
            data = data.replace(character, b"")
    return data


def _bound_attributes(data: bytes) -> bytes:
    """Tags with more attributes than any author writes keep only the first of them."""
    pieces, done = [], 0
    for start in _long_tags(data):
        if start < done or _MANY_ATTRIBUTES.match(data, start) is None:
            continue
        name = _TAG_START.match(data, start)
        end = kept = name.end() if name else start
        count = 0
        while (attribute := _ATTRIBUTE.match(data, end)) and attribute.end() > end:
            end = attribute.end()
            count += 1
            if count == _MAX_ATTRIBUTES:
                kept = end
        pieces += [data[done:kept], b" "]
        done = end
    return b"".join([*pieces, data[done:]]) if pieces else data


def _long_tags(data: bytes) -> Iterable[int]:
    """Where tags begin that may have many attributes: those that end late. Where a page has very many values, brackets
    in them may hide where tags end, and every tag is asked."""
    if data.count(b"=") > _MANY_VALUES:
        yield from (match.start() for match in _TAG_START.finditer(data))
        return
    start = 0
    while start < len(data):
        end = data.rfind(b">", start, start + _LONG)
        if end < 0:  # nothing ends within the next bytes
            end = data.find(b">", start)
            end = len(data) if end < 0 else end
            yield from (match.start() for match in _LONG_TAG.finditer(data, start, end))
        start = end + 1
