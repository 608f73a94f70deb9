"""What a page's JSON-LD says of its article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from worker.pages.tree.spacing import fold_space
from worker.pages.tree.tree import Element

_MOST_BYTES = 1_000_000
_MOST_NODES = 2_000
_ARTICLE = re.compile(
    r"Article$|^(?:Report|BlogPosting|LiveBlogPosting|SocialMediaPosting|Review|WebPage)", re.IGNORECASE
)
# Raw line ends and tabs within strings are the commonest fault; Python's lenient mode takes them.
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """The article node's fields as the page wrote them; empty where it says nothing."""

    headline: str = ""
    published: str = ""
    modified: str = ""
    authors: tuple[str, ...] = ()
    image: str = ""
    section: str = ""
    body: str = ""
    url: str = ""
    free: bool = True


def read_json_ld(tree: Element) -> LinkedArticle:
    """The node that describes the page's article best; an empty one where there is none. Never raises."""
    best, rank = LinkedArticle(), 0
    for node in _nodes(tree):
        kind = _type(node)
        if not _ARTICLE.search(kind):
            continue
        found = _read(node)
        score = 1 + 4 * (kind != "WebPage") + 2 * bool(found.headline) + bool(found.published)
        if score > rank:
            best, rank = found, score
    return best


def _nodes(tree: Element) -> Iterator[dict[str, Any]]:
    """Every object of every JSON-LD script, breadth first, within bounds."""
    seen = 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        queue = [_load(script.text or "")]
        while queue and seen < _MOST_NODES:
            seen += 1
            node = queue.pop(0)
            if isinstance(node, list):
                queue.extend(node[:200])
            elif isinstance(node, dict):
                yield node
                queue.extend(node[key] for key in ("@graph", "mainEntity", "itemListElement") if key in node)


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
        published=_text(node.get("datePublished")) or _text(node.get("dateCreated")),
        modified=_text(node.get("dateModified")),
        authors=tuple(_names(node.get("author"))) or tuple(_names(node.get("creator"))),
        image=_url(node.get("image")) or _url(node.get("thumbnailUrl")),
        section=_text(node.get("articleSection")),
        body=_text(node.get("articleBody"), longest=200_000),
        url=_url(node.get("url")) or _url(node.get("mainEntityOfPage")),
        free=str(node.get("isAccessibleForFree", True)).strip().lower() not in ("false", "no", "0"),
    )


def _text(value: Any, longest: int = 1000) -> str:
    while isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return ""
    return value[:longest] if longest > 1000 else fold_space(value[:longest])


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
