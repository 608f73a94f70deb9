"""Lists of feeds as other readers exchange them (OPML 2.0, http://opml.org/spec2.opml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from worker.errors import DocumentError
from worker.feeds.addresses import meant_addresses
from worker.feeds.defusing import defuse
from worker.feeds.discovery import is_feed_like
from worker.feeds.encoding import decode_document
from worker.feeds.fields import MAX_NAME_BYTES, absolute_url, clean_text, language_tag

MAX_FEEDS = 50_000
_MOST_LEFT_OUT = 100

_FEED_TYPE = re.compile(r"rss|atom|rdf|feed", re.IGNORECASE)

# OPML 2.0 has no word for who publishes a feed, and wants words of one's own in a namespace.
_NAMESPACE = "urn:storywatch:opml"
_OUTLET = f"{{{_NAMESPACE}}}outlet"


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One subscription. `category` is the path of the folders it lies in, joined by `/`, or empty.

    `outlet`, who publishes it, is our own addition, which other readers pass over.
    """

    url: str
    title: str = ""
    site: str = ""
    category: str = ""
    language: str | None = None
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An outline of a list that was not taken: what it calls itself, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class FeedList:
    """What a list of feeds holds: `left_out` names the first hundred outlines that are no feed to be taken."""

    feeds: tuple[OpmlFeed, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def read_opml(document: bytes) -> FeedList:
    """Read every outline with a feed address, in order, each address once; nested folders become a path.

    Raises DocumentError: `empty`, or `not_opml` where the document is something else.
    """
    from lxml import etree  # only imports pay for it

    if not document.strip():
        raise DocumentError("empty", "the OPML document is empty")
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    text = defuse(decode_document(document).text).text
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise DocumentError("not_opml", f"not OPML: {str(fault)[:120]}") from fault
    if root is None or _local_name(root) != "opml":
        found = f"its first element is <{_local_name(root)[:40]}>" if root is not None else "it is no XML"
        raise DocumentError("not_opml", f"not OPML: {found}")
    return _listed(root)


def write_opml(feeds: Iterable[OpmlFeed], *, title: str) -> bytes:
    """Write OPML 2.0 that `read_opml` reads back: folders in order of first mention, feeds in their order."""
    from lxml import etree

    listed = tuple(feeds)
    own = {"storywatch": _NAMESPACE} if any(feed.outlet for feed in listed) else None
    root = etree.Element("opml", {"version": "2.0"}, nsmap=own)
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _line(title)
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {"": body}
    for feed in listed:
        category = _line(feed.category)
        if category not in folders:
            folders[category] = etree.SubElement(body, "outline", text=category, title=category)
        etree.SubElement(folders[category], "outline", _attributes(feed))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _attributes(feed: OpmlFeed) -> dict[str, str]:
    title = _line(feed.title)
    # OPML wants a text on every outline; the address stands in, and is not read back as a title.
    stated = {
        "text": title or feed.url,
        "title": title,
        "type": "rss",
        "xmlUrl": feed.url,
        "htmlUrl": feed.site,
        _OUTLET: _line(feed.outlet),
    }
    return {name: value for name, value in (stated | {"language": feed.language or ""}).items() if value}


def _listed(root: Any) -> FeedList:
    found: dict[str, OpmlFeed] = {}
    left_out: list[LeftOut] = []
    # A stack, since folders may nest deeper than Python recurses.
    pending: list[tuple[Any, str]] = [(root, "")]
    while pending:
        element, folder = pending.pop()
        feed = _feed(element, folder)
        why = _why_left_out(element, feed, found)
        if why and len(left_out) < _MOST_LEFT_OUT:
            left_out.append(LeftOut(_name(element), why))
        if feed is not None and not why:
            found[feed.url] = feed
        name = _line(_attribute(element, "text") or _attribute(element, "title")) if feed is None else ""
        inner = f"{folder}/{name}" if folder and name else folder or name
        pending += [(child, inner) for child in reversed(element) if isinstance(child.tag, str)]
    return FeedList(tuple(found.values()), tuple(left_out))


def _why_left_out(element: Any, feed: OpmlFeed | None, found: Mapping[str, OpmlFeed]) -> str:
    """Why an outline is not taken; empty where it is, and where it is a folder or a mere word."""
    if feed is not None:
        if feed.url in found:
            return f"{feed.url} is listed twice"
        return f"the list has more than {MAX_FEEDS:,} feeds" if len(found) >= MAX_FEEDS else ""
    if _local_name(element) != "outline":
        return ""
    stated, other = _attribute(element, "xmlUrl").strip(), _attribute(element, "url").strip()
    if stated or (other and _is_feed_outline(element)):
        return f"{stated or other:.200} is no web address"
    if other:
        return f"{other:.200} is a link to a page, not to a feed"
    return "it names no address" if _is_feed_outline(element) else ""


def _feed(element: Any, folder: str) -> OpmlFeed | None:
    url = _feed_address(element) if _local_name(element) == "outline" else ""
    if not url:
        return None
    title = _name(element)
    return OpmlFeed(
        url=url,
        title="" if title in (url, _attribute(element, "xmlUrl").strip()) else title,
        site=absolute_url(_attribute(element, "htmlUrl"), ""),
        category=folder or _stated_category(element),
        language=language_tag(_attribute(element, "language")),
        outlet=_line(str(element.get(_OUTLET) or "")),
    )


def _feed_address(element: Any) -> str:
    """The address of the feed, in the forms of several exporters.

    Some write `url` for `xmlUrl`, where others have the page of a mere link: it counts where the outline's type or
    the address says that it is a feed. One without a scheme is of http, as the lists are old that have such.
    """
    other = _attribute(element, "url")
    is_feed = _is_feed_outline(element) or is_feed_like(other)
    return next(reversed(meant_addresses(_attribute(element, "xmlUrl") or (other if is_feed else ""))), "")


def _is_feed_outline(element: Any) -> bool:
    return bool(_FEED_TYPE.search(_attribute(element, "type")))


def _name(element: Any) -> str:
    return _line(_attribute(element, "title") or _attribute(element, "text"))


def _stated_category(element: Any) -> str:
    # The attribute lists slash-delimited paths: "/Boston/Weather,/Tags/rain".
    return _line(_attribute(element, "category").partition(",")[0]).strip("/")


def _attribute(element: Any, name: str) -> str:
    """Return an attribute whatever its case: exporters write xmlurl and XMLURL too."""
    value = element.get(name)
    if value is None:
        value = next((value for key, value in element.items() if key.lower() == name.lower()), "")
    return str(value)


def _local_name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _line(text: str) -> str:
    return clean_text(" ".join(clean_text(text, MAX_NAME_BYTES).split()), MAX_NAME_BYTES)
