"""What a page says of itself besides its text: JSON-LD first, then OpenGraph, then other <meta>, then the markup."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from worker.pages.metadata.authors import read_authors
from worker.pages.metadata.dates import date_reader, published_moment, updated_moment
from worker.pages.metadata.json_ld import LinkedArticle, read_json_ld
from worker.pages.metadata.titles import read_outlet, read_titles, shown_titles
from worker.pages.tree.spacing import fold_space
from worker.pages.tree.tree import Element
from worker.pages.urls import canonicalize_url, registrable_domain

_STATING = ("meta", "script", "link", "h1")
_LOCKED_METAS = ("article:content_tier", "subscriber_only", "subscriber-only", "subscribers_only")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """`titles` are all the page states, the best first: what a repeated headline is recognised by. `locked` says that
    the page calls its story one for subscribers alone."""

    title: str
    titles: tuple[str, ...]
    site_name: str
    published: datetime | None
    updated: datetime | None
    declared_language: str
    authors: tuple[str, ...]
    canonical_url: str | None
    image: str | None
    section: str | None
    description: str
    page_type: str
    locked: bool
    linked: LinkedArticle


def read_metadata(tree: Element, url: str | None, now: datetime | None) -> PageMetadata:
    """All of it; one walk finds the elements that most of it is stated in."""
    stating: defaultdict[str, list[Element]] = defaultdict(list)
    for element in tree.iter(*_STATING):
        stating[element.tag].append(element)
    metas = _metas(stating["meta"])
    shown = shown_titles(tree, stating["h1"], metas)
    linked = read_json_ld(stating["script"], url, tuple(shown))
    outlet = read_outlet(metas, linked, url)
    titles, site_name = read_titles(shown, metas, linked, outlet, url)
    reader = date_reader(_tag(tree, metas), url, now)
    return PageMetadata(
        title=titles[0] if titles else "",
        titles=tuple(titles),
        site_name=site_name,
        published=published_moment(tree, metas, linked.published, titles, reader),
        updated=updated_moment(metas, linked.modified, reader),
        declared_language=_language(_tag(tree, metas)),
        authors=read_authors(tree, stating["meta"], linked, titles, outlet),
        canonical_url=_canonical(stating["link"], metas, url),
        image=_absolute(
            metas.get("og:image") or metas.get("og:image:url") or linked.image or metas.get("twitter:image"),
            url,
        ),
        section=(linked.section or metas.get("article:section") or metas.get("section") or "")[:100] or None,
        description=metas.get("og:description") or metas.get("description") or "",
        page_type=metas.get("og:type", "").lower(),
        locked=any(metas.get(name, "").lower() in ("true", "1", "yes", "locked") for name in _LOCKED_METAS),
        linked=linked,
    )


def _metas(elements: Iterable[Element]) -> dict[str, str]:
    """First content of each <meta>, by lower-case name."""
    found: dict[str, str] = {}
    for meta in elements:
        attributes = meta.attrib
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content:
            found.setdefault(name.strip().lower(), fold_space(content[:2000]))
    return found


def _tag(tree: Element, metas: dict[str, str]) -> str:
    """The page's language tag, as declared: "en-US"."""
    declared = tree.get("lang") or metas.get("og:locale") or metas.get("content-language") or metas.get("language")
    return (declared or "").strip()


def _language(tag: str) -> str:
    code = tag[:2].lower()
    return code if code.isalpha() and len(code) == 2 else ""


def _canonical(links: Iterable[Element], metas: dict[str, str], url: str | None) -> str | None:
    """The address the page calls its own, where it is believable: the same site, and not its home page."""
    link = next(
        (e.get("href") for e in links if "canonical" in (e.get("rel") or "").lower().split()),
        None,
    )
    for candidate in (link, metas.get("og:url")):
        found = _absolute(candidate, url)
        if found is None:
            continue
        parts = urlsplit(found)
        if not parts.path.strip("/") and not parts.query:
            continue
        if url is None or registrable_domain(found) == registrable_domain(url):
            return canonicalize_url(found)
    return None


def _absolute(address: str | None, base: str | None) -> str | None:
    if not address or len(address) > 2000:
        return None
    try:
        found = urljoin(base or "", address.strip())
        return found if urlsplit(found).scheme in ("http", "https") and urlsplit(found).hostname else None
    except ValueError:
        return None
