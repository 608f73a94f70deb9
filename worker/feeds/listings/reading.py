"""From a page that lists articles to entries, by its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from worker.errors import DocumentError
from worker.feeds import dates, fields
from worker.feeds.defusing import MAX_ENTRIES
from worker.feeds.entry import FeedEntry, ParsedFeed
from worker.feeds.listings.rules import ListingRules, compile_selector
from worker.feeds.listings.tree import Element, ListingPage, boxes_of, href_of, read_page, text_of

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_DATE_ATTRIBUTES = ("datetime", "content", "title", "data-date", "data-time", "data-timestamp", "data-published")
_OLDER = re.compile(
    r"(?:older|next|more|previous|siguientes?|anteriores?|mas|más|ver\s+mas|suivante?s?|prochaine|weiter|ältere|nächste|"
    r"próxima|seguinte|»|›|>|→)(?:\s+(?:page|posts?|entries|articles?|stories|news|noticias|entradas|página|pagina|seite))?"
    r"(?:\s*[»›>→])?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry's link, and the box in which its title and date stand."""

    url: str
    link: Element
    box: Element


def read_listing(document: bytes, url: str, content_type: str, rules: ListingRules) -> ParsedFeed:
    """Read a page by its rules; at most 2,000 entries, each address once.

    Raises DocumentError: `no_entries` where the rules find no link, as after a redesign; `empty`, `unreadable`.
    """
    page = read_page(document, url, content_type)
    found, left_out = _find_entries(page, rules)
    if not found:
        raise DocumentError("no_entries", f"no link is found by {rules.link!r}: has the page changed?")
    language = fields.language_tag(page.tree.get("lang"))
    stated = {one.url: _stated_date(one, rules.date) for one in found}
    habit = dates.habit_of([text for text in stated.values() if text], language, url)
    entries = _entries(found, stated, rules, habit)
    title = next((text_of(element) for element in page.tree.iter("title")), "")
    return ParsedFeed(
        title=fields.clean_text(title, fields.MAX_TITLE_BYTES),
        link=url,
        entries=tuple(entries),
        language=language,
        format="listing",
        troubles=((f"{left_out} links beyond the first {MAX_ENTRIES:,} were left out",) if left_out else ())
        + dates.troubles([text for text in stated.values() if text], habit),
        truncated=left_out > 0,
    )


def older_listing(document: bytes, url: str, content_type: str = "") -> str:
    """Return the page that lists what is older, "" where none is found.

    By `rel="next"`; else by a link that says so and leads to another page of the same list.
    """
    page = read_page(document, url, content_type)
    by_relation = (one for one in page.tree.iter("link", "a") if "next" in (one.get("rel") or "").lower().split())
    by_words = (one for one in page.tree.iter("a") if _OLDER.fullmatch(_label(one)))
    for element in (*by_relation, *by_words):
        older = href_of(element, page.base).partition("#")[0]
        if older and older != url and urlsplit(older).hostname == urlsplit(url).hostname:
            return older
    return ""


def _label(element: Element) -> str:
    return text_of(element) or " ".join((element.get("aria-label") or element.get("title") or "").split())


def _find_entries(page: ListingPage, rules: ListingRules) -> tuple[list[_Found], int]:
    select = compile_selector(rules.link)
    selected = select(page.tree) if select else []
    links = [(one, href) for one in selected[: 2 * MAX_ENTRIES] if (href := _address(one, page))]
    wanted = set(list(dict.fromkeys(href for _, href in links))[:MAX_ENTRIES])
    kept = [(link, href) for link, href in links if href in wanted]
    found = [_Found(href, link, box) for (link, href), box in zip(kept, boxes_of(kept), strict=True)]
    return found, max(len(selected) - 2 * MAX_ENTRIES, 0) + len(links) - len(kept)


def _address(element: Element, page: ListingPage) -> str:
    """Where the element leads, or the first link in it, so that a selector may name the entry's box too."""
    within = (one for one in (element, *element.iter("a")) if one.get("href"))
    url = next((href for one in within if (href := href_of(one, page.base))), "")
    return "" if url.partition("#")[0] == page.base.partition("#")[0] else url


def _entries(
    found: Sequence[_Found], stated: dict[str, str], rules: ListingRules, habit: dates.DateHabit
) -> Iterator[FeedEntry]:
    titles: dict[str, str] = {}
    for one in found:
        titles[one.url] = max(titles.get(one.url, ""), _title(one, rules.title), key=len)
    for url, title in titles.items():
        published = _published(stated[url], habit)
        cleaned = fields.clean_text(title, fields.MAX_TITLE_BYTES)
        yield FeedEntry(cleaned, url, fields.entry_id(None, url, title), published=published)


def _published(stated: str, habit: dates.DateHabit) -> datetime | None:
    return dates.parse_date(stated, habit) if stated else None


def _title(one: _Found, selector: str) -> str:
    if selector:
        select = compile_selector(selector)
        return next((said for element in (select(one.box) if select else ()) if (said := text_of(element))), "")
    own = next((text_of(inner) for inner in one.link.iter(*_HEADINGS)), "") or text_of(one.link)
    return own or next((text_of(inner) for inner in one.box.iter(*_HEADINGS)), "") or one.link.get("title") or ""


def _stated_date(one: _Found, selector: str) -> str:
    """The date as it is written: what machines are told of it before what people read."""
    select = compile_selector(selector) if selector else None
    for element in select(one.box) if select else one.box.iter("time"):
        stated = [*(element.get(name) for name in _DATE_ATTRIBUTES), text_of(element)]
        if readable := next((text for text in stated if text and dates.parse_date(text)), ""):
            return readable
    return ""
