"""What a page says of itself besides its text: JSON-LD first, then OpenGraph, then other <meta>, then the markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

from worker.pages.metadata.dates import published_moment, updated_moment
from worker.pages.metadata.json_ld import LinkedArticle, read_json_ld
from worker.pages.tree.spacing import fold_space
from worker.pages.tree.tree import Element
from worker.pages.urls import canonicalize_url, registrable_domain

_LONGEST_TITLE = 500
_SITE_TAIL = re.compile(r"\s+(?:[|•·–—-]|::)\s+|\s*[|»]\s*")
_MOST_AUTHORS = 10
_BY = re.compile(
    r"^\s*(?:(?:(?:view |see )?(?:all|more) )?(?:posts |articles |stories |written |reported |story )?by"
    r"|por|par|von|di|de)\s*:?\s+",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_BYLINE = re.compile(r"(?<![a-z])(?:byline|author|author-?name|byline-?name)(?![a-z])")
_LONGEST_BYLINE = 80  # characters
_AUTHOR_SPLIT = re.compile(r"\s*(?:,|;|\||•|/|\band\b|\by\b|\bund\b|\bet\b|&)\s*")
_ROLE = re.compile(
    r"\b(?:reporter|editor|correspondent|staff|writer|columnist|contributor|author|news|desk|team|press|agency|"
    r"redacción|redaction|redação|redaktion|admin|associated|times|tribune|gazette|telegram|herald|today)\b"
    r"|^the\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’(-][\w.'’)-]*){1,5}")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """`titles` are all the page states, the best first: what a repeated headline is recognised by."""

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
    linked: LinkedArticle


def read_metadata(tree: Element, url: str | None, now: datetime | None) -> PageMetadata:
    """All of it, from one pass over <meta> and one over the JSON-LD scripts."""
    metas = _metas(tree)
    linked = read_json_ld(tree)
    titles, site_name = _titles(tree, metas, linked)
    return PageMetadata(
        title=titles[0] if titles else "",
        titles=tuple(titles),
        site_name=site_name,
        published=published_moment(tree, metas, linked.published, url, now),
        updated=updated_moment(metas, linked.modified, now),
        declared_language=_language(tree, metas),
        authors=_authors(tree, metas, linked),
        canonical_url=_canonical(tree, metas, url),
        image=_absolute(
            metas.get("og:image") or metas.get("og:image:url") or linked.image or metas.get("twitter:image"),
            url,
        ),
        section=(linked.section or metas.get("article:section") or metas.get("section") or "")[:100] or None,
        description=metas.get("og:description") or metas.get("description") or "",
        page_type=metas.get("og:type", "").lower(),
        linked=linked,
    )


def _metas(tree: Element) -> dict[str, str]:
    """First content of each <meta>, by lower-case name."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        attributes = meta.attrib
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content:
            found.setdefault(name.strip().lower(), fold_space(content[:2000]))
    return found


def _titles(tree: Element, metas: dict[str, str], linked: LinkedArticle) -> tuple[list[str], str]:
    """A lone <h1> that the other titles confirm is the headline as readers see it; else the declared ones."""
    h1s = [fold_space("".join(h1.itertext()))[:_LONGEST_TITLE] for h1 in tree.iter("h1")]
    h1s = [h1 for h1 in h1s if h1][:5]
    head = tree.find("head")
    title_element = head.find("title") if head is not None else tree.find(".//title")
    page_title = fold_space(title_element.text or "")[:_LONGEST_TITLE] if title_element is not None else ""
    site_name = metas.get("og:site_name", "")
    declared = [linked.headline, metas.get("og:title", ""), metas.get("twitter:title", ""), page_title]
    declared = [fold_space(text)[:_LONGEST_TITLE] for text in declared if text]
    stripped = [_without_site(text, site_name) for text in declared]
    site_name = site_name or _named_in_title(page_title)
    confirmed = [h1 for h1 in h1s if _is_headline(h1) and any(h1.casefold() in text.casefold() for text in declared)]
    best = (
        confirmed[:1]
        or (h1s if len(h1s) == 1 and _is_headline(h1s[0]) and _alike(h1s[0], declared) else [])
        or stripped
        or h1s
    )
    ordered = dict.fromkeys([*(_without_site(text, site_name) for text in best[:1]), *stripped, *declared, *h1s])
    return [text[:_LONGEST_TITLE] for text in ordered if text and text != site_name], site_name


def _named_in_title(page_title: str) -> str:
    """The outlet's name, where the title ends in one: "Ferry fares to rise | Harbour News"."""
    head = _without_site(page_title, "")
    tail = _SITE_TAIL.split(page_title)[-1]
    return tail if head != page_title and page_title.startswith(head) and page_title.endswith(tail) else ""


def _is_headline(h1: str) -> bool:
    """Long enough to be one, where a shorter <h1> is the outlet's logo or the section."""
    return len(h1) >= 10 and (len(h1.split()) >= 3 or not h1.isascii())


def _alike(h1: str, declared: Iterable[str]) -> bool:
    """Half of the <h1>'s words stand in a declared title: the same headline, edited."""
    words = set(h1.casefold().split())
    return any(len(words & set(text.casefold().split())) * 2 >= len(words) for text in declared)


def _without_site(title: str, site_name: str) -> str:
    """The title less the outlet's name at its end (or start); a title of one part stays whole."""
    pieces = [(m.start(), m.end()) for m in _SITE_TAIL.finditer(title)]
    if not pieces:
        return title
    start, end = pieces[-1]
    tail = title[end:]
    if site_name and tail.casefold() == site_name.casefold():
        return title[:start].strip()
    if site_name and title[: pieces[0][0]].casefold() == site_name.casefold():
        return title[pieces[0][1] :].strip()
    # A section before a bar: "Politics | Governor vetoes the ban".
    kicker, rest = title[: pieces[0][0]], title[pieces[0][1] :]
    if "|" in title[pieces[0][0] : pieces[0][1]] and len(kicker.split()) <= 1 and len(rest.split()) > 3:
        return _without_site(rest, site_name)
    # Outlets' names are short; a headline before them is not.
    head = title[:start].strip()
    return head if len(tail.split()) <= 4 and len(head.split()) > max(2, len(tail.split())) else title


def _language(tree: Element, metas: dict[str, str]) -> str:
    declared = (
        tree.get("lang") or metas.get("og:locale") or metas.get("content-language") or metas.get("language") or ""
    )
    code = declared.strip()[:2].lower()
    return code if code.isalpha() and len(code) == 2 else ""


def _authors(tree: Element, metas: dict[str, str], linked: LinkedArticle) -> tuple[str, ...]:
    sources = [
        linked.authors,
        tuple(
            filter(
                None,
                (
                    metas.get("author"),
                    metas.get("article:author"),
                    metas.get("parsely-author"),
                    metas.get("byl"),
                ),
            )
        ),
        tuple(
            fold_space("".join(a.itertext()))[:100] for a in tree.iter("a") if "author" in (a.get("rel") or "").lower()
        ),
    ]
    outlet = metas.get("og:site_name", "").casefold()
    for source in (*sources, _bylines(tree)):
        names = dict.fromkeys(
            name for text in source for name in _person_names(text) if name.casefold() not in (outlet, f"the {outlet}")
        )
        if names:
            return tuple(names)[:_MOST_AUTHORS]
    return ()


def _bylines(tree: Element) -> Iterator[str]:
    """Short texts of elements that call themselves the byline; asked only where nothing is declared."""
    for element in tree.iter("span", "a", "p", "div", "address", "li"):
        names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower().replace("_", "-")
        if _BYLINE.search(names):
            text = fold_space("".join(element.itertext())[:200])
            if 0 < len(text) <= _LONGEST_BYLINE:
                yield re.split(r"[,|•]", text)[0]  # a place, a role or a date follows
                return


def _person_names(text: str) -> list[str]:
    """Names of people in an author field; addresses, roles and the outlet itself are not."""
    if "://" in text or "@" in text or len(text) > 300:
        return []
    parts = _AUTHOR_SPLIT.split(_BY.sub("", unescape(text)))
    return [
        part
        for part in parts
        if _NAME.fullmatch(part) and not _ROLE.search(part) and not _DIGIT.search(part) and len(part) <= 60
    ]


def _canonical(tree: Element, metas: dict[str, str], url: str | None) -> str | None:
    """The address the page calls its own, where it is believable: the same site, and not its home page."""
    link = next(
        (e.get("href") for e in tree.iter("link") if "canonical" in (e.get("rel") or "").lower().split()),
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
