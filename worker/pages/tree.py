"""A page's text → one lxml tree, within bounds."""

from __future__ import annotations

import re
from typing import Any

Element = Any  # an lxml element: lxml ships no types

# Characters XML forbids; lxml would stop at a NUL.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# libxml2 compares each attribute of a tag with all before it: 200,000 on one tag cost 80 s, 256 nothing.
_MAX_ATTRIBUTES = 256
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{2000}")
_ATTRIBUTE = re.compile(r"\s*([^\s\"'>/=]+)(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?|\s*/(?!>)|\s*[\"'=]")
_NAME = re.compile(r"<[a-zA-Z][^\s/>]*")
# What a page nested too deeply is reduced to: paragraphs, headings, links and line ends. Any other tag, whatever
# its name, becomes a line end.
_KEPT_TAGS = "html|head|title|meta|link|script|style|noscript|body|p|h[1-6]|a|br|time|iframe|input"
_CONTAINERS = re.compile(rf"(?:</?(?!(?:{_KEPT_TAGS})\b)[a-z][^<>]*>\s*)+", re.IGNORECASE)


def parse_page(text: str) -> tuple[Element | None, bool]:
    """The page's tree (None where there is nothing to parse), and whether text was lost to its nesting.

    libxml2 silently stops at 256 levels; such a page is read again without the containers that only nest, which
    recovers its text. True is returned where even that was too deep.
    """
    text = _bound_attributes(_FORBIDDEN.sub("", text))
    tree, too_deep = _parse(text)
    if too_deep:
        tree, too_deep = _parse(_CONTAINERS.sub("<br>", text))
    return tree, too_deep


def _parse(text: str) -> tuple[Element | None, bool]:
    from lxml import etree, html  # 12 MB that a process which never reads a page should not pay

    parser = html.HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None, False
    return tree, any("Excessive depth" in error.message for error in parser.error_log)


def _bound_attributes(text: str) -> str:
    """Tags with more attributes than any author writes keep only the first of them."""
    pieces, done = [], 0
    for match in _LONG_TAG.finditer(text):
        if match.start() < done:
            continue
        name = _NAME.match(text, match.start())
        end = kept = name.end() if name else match.end()
        count = 0
        while (attribute := _ATTRIBUTE.match(text, end)) and attribute.end() > end:
            end = attribute.end()
            count += 1
            if count == _MAX_ATTRIBUTES:
                kept = end
        if count > _MAX_ATTRIBUTES:
            pieces += [text[done:kept], " "]
            done = end
    return "".join([*pieces, text[done:]]) if pieces else text
