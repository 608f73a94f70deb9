"""What a page's JSON-LD says of its article."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from worker.pages.tree.blocks import letters
from worker.pages.tree.spacing import fold_space
from worker.pages.tree.tree import Element
from worker.pages.urls import canonicalize_url

_MOST_BYTES = 1_000_000
_MOST_NODES = 2_000
_ARTICLE = re.compile(
    r"Article$|^(?:Report|BlogPosting|LiveBlogPosting|SocialMediaPosting|Review|WebPage)", re.IGNORECASE
)
_WITHIN = ("@graph", "mainEntity", "itemListElement", "item", "hasPart")
_LISTS = ("itemListElement", "hasPart")
_TELLING = 12  # letters of a headline that names a page
# Raw line ends and tabs within strings are the commonest fault; Python's lenient mode takes them.
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """The article node's fields as the page wrote them; empty where it says nothing. `of_page` says that the page's own
    node stands in for an article's: a plugin makes its name of the page's <title>."""

    headline: str = ""
    publisher: str = ""
    published: str = ""
    modified: str = ""
    authors: tuple[str, ...] = ()
    image: str = ""
    section: str = ""
    body: str = ""
    url: str = ""
    free: bool = True
    of_page: bool = False


def read_json_ld(scripts: Iterable[Element], url: str | None = None, titles: Sequence[str] = ()) -> LinkedArticle:
    """The node of a page's scripts that describes its article best; an empty one where there is none. Never raises.

    Pages describe their neighbours too: a node that bears the page's address or one of its `titles` is believed
    before others, and one in a list of articles only if it does.
    """
    keys = {key for title in titles if (key := letters(title))}
    address = canonicalize_url(url) if url else ""
    best, rank, page = LinkedArticle(), 0, LinkedArticle()
    for node, listed in _nodes(scripts):
        kind = _type(node)
        if not _ARTICLE.search(kind):
            continue
        found = _read(node)
        own = _names_page(found, keys, address)
        if listed and not own:
            continue
        score = 1 + 8 * own + 4 * (kind != "WebPage") + 2 * bool(found.headline) + bool(found.published)
        if kind == "WebPage" and not page.published:
            page = found
        if score > rank:
            best, rank = found, score
    return best if best.published else replace(best, published=page.published)


def _names_page(found: LinkedArticle, keys: set[str], address: str) -> bool:
    """Whether the node is about this page: by its headline, or by its address."""
    key = letters(found.headline)
    if len(key) >= _TELLING and any(key in each or each in key for each in keys if len(each) >= _TELLING):
        return True
    return bool(address and found.url.startswith("http") and canonicalize_url(found.url) == address)


def _nodes(scripts: Iterable[Element]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every object of every JSON-LD script, breadth first, within bounds; and whether it stands in a list of others."""
    seen = 0
    for script in scripts:
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        queue = deque([(_load(script.text or ""), False)])
        while queue and seen < _MOST_NODES:
            seen += 1
            node, listed = queue.popleft()
            if isinstance(node, list):
                queue.extend((each, listed) for each in node[:200])
            elif isinstance(node, dict):
                yield node, listed
                queue.extend((node[key], listed or key in _LISTS) for key in _WITHIN if key in node)


def _load(text: str) -> Any:
    text = text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    if not text or len(text) > _MOST_BYTES:
        return None
    try:
        return _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _type(node: dict[str, Any]) -> str:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    named = [str(k).rsplit("/", 1)[-1] for k in kinds if isinstance(k, str)]
    return next((k for k in named if _ARTICLE.search(k)), "")


def _read(node: dict[str, Any]) -> LinkedArticle:
    return LinkedArticle(
        headline=_text(node.get("headline")) or _text(node.get("name")),
        publisher=next(_names(node.get("publisher")), ""),
        published=_moment(node.get("datePublished")) or _moment(node.get("dateCreated")),
        modified=_moment(node.get("dateModified")),
        authors=tuple(_names(node.get("author"))) or tuple(_names(node.get("creator"))),
        image=_url(node.get("image")) or _url(node.get("thumbnailUrl")),
        section=_text(node.get("articleSection")),
        body=_text(node.get("articleBody"), longest=200_000),
        url=_url(node.get("url")) or _url(node.get("mainEntityOfPage")),
        free=str(node.get("isAccessibleForFree", True)).strip().lower() not in ("false", "no", "0"),
        of_page=_type(node) == "WebPage",
    )


def _text(value: Any, longest: int = 1000) -> str:
    while isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return ""
    return value[:longest] if longest > 1000 else fold_space(value[:longest])


def _moment(value: Any) -> str:
    """A date as text, also where it is a number of (milli)seconds."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else _text(value)


def _url(value: Any) -> str:
    while isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id") or value.get("contentUrl")
    return value.strip()[:2000] if isinstance(value, str) else ""


def _names(value: Any) -> Iterator[str]:
    for entry in (value if isinstance(value, list) else [value])[:20]:
        name = entry.get("name") if isinstance(entry, dict) else entry
        for one in name[:20] if isinstance(name, list) else [name]:
            if isinstance(one, str) and one.strip():
                yield fold_space(one[:200])
