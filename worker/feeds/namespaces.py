"""Prefixes that a feed never declares, or not as parsers want it: then no entry that uses one is XML."""

from __future__ import annotations

import re

from worker.feeds.sections import hide_sections

# Where these prefixes are declared, it is as these, almost always.
_USUAL = {
    "admin": "http://webns.net/mvcb/",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xlink": "http://www.w3.org/1999/xlink",
}
_NAME = r"[A-Za-z_][\w.-]{0,30}"
_ROOT = re.compile(rf"<{_NAME}(?::{_NAME})?(?=[\s>])")
_ON_TAGS = re.compile(rf"</?({_NAME}):{_NAME}")
_ON_ATTRIBUTES = re.compile(rf"\s({_NAME}):{_NAME}\s*=\s*[\"']")
_DECLARED = re.compile(rf"\sxmlns:({_NAME})\s*=")
_MAX_PREFIXES = 50
# Parsers that put the namespace before each name, with a blank between the two, refuse one that ends in a blank.
_PADDED = re.compile(rf"(\sxmlns(?::{_NAME})?\s*=\s*)(?:\"\s*([^\"<>\s]+)\s*\"|'\s*([^'<>\s]+)\s*')")


def declare_missing(text: str) -> str:
    """Declare on the first element all prefixes that are declared nowhere; unknown ones get a name of no meaning.

    Those that are declared lose the blanks around their names.
    """
    text = _PADDED.sub(lambda found: f'{found[1]}"{found[2] or found[3]}"', text)
    tags = hide_sections(text)
    root = _ROOT.search(tags)
    used = {found[1] for pattern in (_ON_TAGS, _ON_ATTRIBUTES) for found in pattern.finditer(tags)}
    missing = sorted(used - {found[1] for found in _DECLARED.finditer(tags)} - {"xml", "xmlns"})
    if root is None or not missing or len(missing) > _MAX_PREFIXES:
        return text
    stated = "".join(f' xmlns:{prefix}="{_USUAL.get(prefix, f"urn:undeclared:{prefix}")}"' for prefix in missing)
    return text[: root.end()] + stated + text[root.end() :]
