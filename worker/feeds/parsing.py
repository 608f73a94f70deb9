"""From the bytes of a feed document to its entries."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from worker.errors import DocumentError
from worker.feeds.defusing import DefusedDocument, defuse, root_name, without_half_entry
from worker.feeds.encoding import decode_document
from worker.feeds.entry import ParsedFeed
from worker.feeds.json_feed import read_json_feed
from worker.feeds.news_sitemap import read_news_sitemap
from worker.feeds.packing import unpack
from worker.feeds.xml_feed import read_xml_feed

_FEED_ROOTS = {"rss", "feed", "rdf", "channel"}
_SITEMAP_ROOTS = {"urlset", "sitemapindex"}
_HTML_ROOTS = frozenset(
    {"html", "head", "body", "title", "meta", "link", "script", "style"}
    | {"div", "p", "h1", "form", "table", "center", "main"}
)
# A feed behind stray output (warnings of the publishing system are the usual case).
_BURIED_FEED = re.compile(
    r"<(?:rss\s[^<>]{0,4000}?version|(?:\w+:)?RDF\s[^<>]{0,4000}?xmlns|feed\s[^<>]{0,4000}?xmlns)",
    re.IGNORECASE,
)
_CLOSING_TAG = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_TAIL = 4_096
_UNVERSIONED = {"channel": "cdf"}
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x89PNG", "an image"),
)


def parse_feed(document: bytes, url: str, content_type: str = "") -> ParsedFeed:
    """Read RSS, Atom, RDF, CDF, JSON Feed or a Google News sitemap, whatever its Content-Type claims.

    `url` is where the document was found: relative links are resolved against it, or against the feed's site where
    that is another host. A valid feed without entries is a value; one without a title has its site's host for it.
    Gzip data is unpacked. At most 2,000 entries; titles are cut at 4 KB, summaries and contents at 512 KB.

    Raises DocumentError with code `empty`, `html_page`, `not_a_feed` or `unreadable`, and nothing else.
    """
    document = unpack(document)
    if not document.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise DocumentError("empty", "the document is empty")
    for magic, kind in _MAGIC:
        if document.startswith(magic):
            raise DocumentError("not_a_feed", f"{kind}, not a feed")
    decoded = decode_document(document, content_type)
    troubles: tuple[str, ...] = (decoded.trouble,) if decoded.trouble else ()
    if decoded.text.lstrip()[:1] in ("{", "["):
        feed = read_json_feed(decoded.text, url)
    else:
        defused = defuse(decoded.text)
        troubles += defused.troubles
        feed = _read_xml(defused, document, url)
    return replace(feed, title=feed.title or _site_name(feed.link or url), troubles=troubles + feed.troubles)


def _site_name(url: str) -> str:
    """What a feed without a title is called: its site's host, without "www."."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _read_xml(defused: DefusedDocument, document: bytes, url: str) -> ParsedFeed:
    text, root = defused.text, root_name(defused.text)
    if root in _SITEMAP_ROOTS:
        feed = read_news_sitemap(text, url)
        return replace(feed, truncated=feed.truncated or defused.cut)
    buried = _BURIED_FEED.search(text) if root not in _FEED_ROOTS else None
    text, ends_early = _ended(text[buried.start() if buried else 0 :])
    readable = buried is not None or (root and root not in _HTML_ROOTS)
    found = read_xml_feed(text, url) if readable else None
    if found is None or (root not in _FEED_ROOTS and not found.entries):
        raise _not_a_feed(root, document, url)
    troubles = ["text before the feed was left out"] if buried else []
    if ends_early:
        troubles.append("the document ends before the feed does")
    return replace(
        found,
        format=found.format or _UNVERSIONED.get(root, root),
        troubles=(*troubles, *found.troubles),
        truncated=defused.cut or ends_early,
    )


def _ended(text: str) -> tuple[str, bool]:
    """Drop what stands behind the feed's closing tag (hosts append scripts); say if there is none."""
    end, rdf = 0, root_name(text) == "rdf"
    for found in _CLOSING_TAG.finditer(text, max(len(text) - _TAIL, 0)):
        if not rdf or found[1].lower() == "rdf":  # there, the channel ends before the entries begin
            end = found.end()
    return (text[:end], False) if end else (without_half_entry(text), True)


def _not_a_feed(root: str, document: bytes, url: str) -> DocumentError:
    if root in _HTML_ROOTS:
        return DocumentError("html_page", _html_reason(document, url))
    return DocumentError("not_a_feed", _other_reason(root, document))


def _html_reason(document: bytes, url: str) -> str:
    from worker.feeds.discovery import find_feeds  # only a mistaken address pays for the HTML parser

    named = [link.url for link in find_feeds(document, url)[:3]]
    return "an HTML page, not a feed" + (f"; it names these feeds: {', '.join(named)}" if named else "")


def _other_reason(root: str, document: bytes) -> str:
    if root:
        return f"XML of another kind (its first element is <{root[:40]}>), not a feed"
    start = " ".join(re.sub(rb"[^\x20-\x7e]+", b" ", document[:200]).decode("ascii").split())
    return f"not a feed; it begins with {start[:60]!r}"
