"""A page's headline, out of all the titles it states, without the outlet's name, a section or a kicker."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from worker.pages.metadata.json_ld import LinkedArticle
from worker.pages.tree.blocks import letters
from worker.pages.tree.spacing import fold_space, join_runs
from worker.pages.tree.tree import Element
from worker.pages.urls import registrable_domain

_LONGEST = 500
_MOST_PARTS = 30  # cuts of one title: a title may be nothing but bars
_MOST_EDGES = 60  # of the elements within a <h1>
_CUT = re.compile(r"\s+(?:[|•·–—-]|::)\s+|\s*[|»ㅣ│]\s*")
_BAR = re.compile(r"[|»ㅣ│:•·]")
_OUTLET_METAS = (
    "og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name", "al:android:app_name",
    "twitter:app:name:iphone", "dc.publisher", "publisher", "twitter:site",
)  # fmt: skip
_SECTION_METAS = ("article:section", "section", "og:section", "parsely-section")
# Words that outlets call themselves by.
_OUTLETISH = re.compile(
    r"\b(?:news|times|post|herald|tribune|gazette|journal|courier|magazine|online|radio|tv|noticias|diario|periódico|"
    r"notícias|jornal|zeitung|nachrichten|anzeiger|actu|\w+\.(?:com|org|net|[a-z]{2}))\b",
    re.IGNORECASE,
)
_LOGO = re.compile(r"\blogo(?:type)?\b", re.IGNORECASE)
_SHORTEST_CORE = 3  # letters of a host's own name
_FEWEST_WORDS = 3  # a shorter <h1> is the outlet's logo or the section
_SURE_WORDS = 4  # an <h1> of so many is the headline though no other title has its words
_PATH_SECTIONS = 4  # parts of an address's path that may name a section
_LONGEST_TAIL = 4  # words of an outlet's name
_TELLING_WORD = 5  # letters
_SECTION = re.compile(r"[\w&/'’ .-]{2,30}?\s*[:|»>•–—-]")
_KICKED = 12  # letters a title must have to be found at another's end


@dataclass(frozen=True, slots=True)
class Outlet:
    """What a page calls its outlet: `name` as it writes it, `keys` all its names as letters, `core` its host's own."""

    name: str
    keys: frozenset[str]
    core: str

    def is_named_by(self, text: str) -> bool:
        """Whether `text` is a name of the outlet: one it states, or one that has its host's name in it."""
        key = letters(text)
        plain = letters(re.sub(r"^(?:the|el|la|le|der|die|das|o|a)\s+", "", text, flags=re.IGNORECASE))
        if not key or key in self.keys or plain in self.keys:
            return True
        if len(text.split()) > _LONGEST_TAIL + 1 or len(self.core) < _SHORTEST_CORE:
            return False
        words = {letters(word) for word in re.split(r"[\s.]+", text)}
        return (
            (self.core in words and len(words) <= _LONGEST_TAIL)
            or (len(self.core) > _SHORTEST_CORE and self.core in key)
            or (len(plain) > _SHORTEST_CORE and plain in self.core)
        )

    def begins_as(self, text: str) -> bool:
        """Whether the host's name begins with the first word of a short `text`: "Harbour Daily" on harbourpress.com."""
        words = text.split()
        first = letters(words[0]) if 0 < len(words) <= _LONGEST_TAIL else ""
        return len(first) >= _TELLING_WORD and text[:1].isupper() and self.core.startswith(first)


def read_outlet(metas: Mapping[str, str], linked: LinkedArticle, url: str | None) -> Outlet:
    """The outlet by what the page and its address say."""
    names = [metas.get(name, "") for name in _OUTLET_METAS] + [linked.publisher]
    return _outlet(metas.get("og:site_name", ""), names, url)


def headline_of_entry(title: str, outlet_names: Iterable[str], url: str | None) -> str:
    """A feed's headline less the outlet's name, which some feeds set behind each as pages' titles have it."""
    return without_outlet(title, _outlet("", outlet_names, url), whole=True)


def without_section(title: str, own: str) -> str:
    """A feed's headline less the section that it is filed under today ("Crime: …", "World | …"): where the page's own
    headline, of four words and more, is the rest of it, and a sign stands between."""
    length = len(own)
    before = title[:-length].rstrip() if 0 < length < len(title) else ""
    is_rest = letters(title[-length:]) == letters(own) and own.count(" ") + 1 >= _SURE_WORDS
    return own if is_rest and _SECTION.fullmatch(before) else title


def _outlet(name: str, names: Iterable[str], url: str | None) -> Outlet:
    domain = registrable_domain(url) if url else ""
    core = letters(domain.partition(".")[0]) if "." in domain else ""
    keys = frozenset(key for each in names if (key := letters(each.removeprefix("@"))))
    return Outlet(name, keys | {letters(domain)} - {""}, core)


@dataclass(frozen=True, slots=True)
class ShownTitles:
    """The titles that a page states besides its JSON-LD: those of its <meta>, its <title>, and its first <h1>s."""

    declared: tuple[str, ...]
    page: str
    h1s: tuple[str, ...]

    def __iter__(self) -> Iterator[str]:
        return filter(None, (*self.declared, self.page, *self.h1s))


def shown_titles(tree: Element, h1s: Iterable[Element], metas: Mapping[str, str]) -> ShownTitles:
    """What the page's tree, the <h1>s in it and its <meta>, by name, state."""
    declared = (metas.get("og:title", ""), metas.get("twitter:title", ""))
    return ShownTitles(declared, _page_title(tree), tuple(_told(h1s)))


def read_titles(
    shown: ShownTitles, metas: Mapping[str, str], linked: LinkedArticle, outlet: Outlet, url: str | None
) -> tuple[list[str], str]:
    """All titles, the headline first; and the outlet's name, where the page states it or a title ends in it.

    The headline is what JSON-LD and OpenGraph agree on; then a <h1> that a declared title confirms; then one that
    shares half of its words; then a lone one that is long enough to be no logo; else the declared ones.
    """
    path = urlsplit(url or "").path.split("/")[1:_PATH_SECTIONS]
    sections = {letters(text) for text in (linked.section, *(metas.get(name, "") for name in _SECTION_METAS), *path)}
    stated = (linked.headline, *shown.declared, shown.page)
    declared = [
        text for text in (fold_space(each)[:_LONGEST] for each in stated if each) if letters(text) not in outlet.keys
    ]
    stripped = [without_outlet(text, outlet, sections) for text in declared]
    h1s = [h1 for h1 in shown.h1s if not outlet.is_named_by(h1) and not _LOGO.search(h1)]
    agreed = "" if linked.of_page else _agreed(linked.headline, metas.get("og:title", ""), outlet, sections)
    is_shown = any(letters(agreed) in letters(h1) for h1 in h1s)
    best = (
        agreed
        if agreed and not is_shown
        else without_outlet(_headline(h1s, declared, stripped), outlet, sections, whole=True)
    )
    ordered = dict.fromkeys([*([best] if best else []), *stripped, *declared, *h1s])
    name = outlet.name or _named_in_title(shown.page, stripped)
    return [text[:_LONGEST] for text in ordered if text and text != name], name


def without_outlet(title: str, outlet: Outlet, sections: Collection[str] = (), *, whole: bool = False) -> str:
    """The title less the outlet's name and the section at its ends; its other halves stay.

    `whole` says that it is known to be the headline: then only names count that the page or its address states.
    """
    for _ in range(_MOST_PARTS):
        shorter = _cut_once(title, outlet, sections, whole=whole)
        if shorter == title:
            break
        title = shorter
    return title


def _cut_once(title: str, outlet: Outlet, sections: Collection[str], *, whole: bool) -> str:
    cuts = list(_CUT.finditer(title))
    if not cuts:
        return title
    first, last = cuts[0], cuts[-1]
    kicker, rest = title[: first.start()].strip(), title[first.end() :].strip()
    head, tail = title[: last.start()].strip(), title[last.end() :].strip()
    by_bar = _BAR.search(last[0]) is not None
    is_stated = outlet.is_named_by(tail) or letters(tail) in sections or (by_bar and outlet.begins_as(tail))
    if len(head.split()) > 1 and (is_stated or (not whole and _is_tail(tail, head, by_bar=by_bar))):
        return head
    by_bar = len(cuts) == 1 and by_bar
    is_section = letters(kicker) in sections or (
        by_bar and len(kicker.split()) == 1 and len(rest.split()) >= _LONGEST_TAIL
    )
    return rest if len(rest.split()) > 1 and (outlet.is_named_by(kicker) or is_section) else title


def _is_tail(tail: str, head: str, *, by_bar: bool) -> bool:
    """Whether what stands behind the last dash or bar looks like an outlet's name and not like half of a headline."""
    words = len(tail.split())
    short = words <= _LONGEST_TAIL and len(head.split()) > max(2, words)
    is_name = tail[-1:] not in ".?!" and tail[:1].isupper()
    return short and is_name and (by_bar or _OUTLETISH.search(tail) is not None)


def _agreed(headline: str, shared: str, outlet: Outlet, sections: Collection[str]) -> str:
    """What JSON-LD and OpenGraph both call the article: more pages are known by it than by another <h1>."""
    one, other = (without_outlet(fold_space(text)[:_LONGEST], outlet, sections) for text in (headline, shared))
    same = letters(one) == letters(other) and len(letters(one)) >= _KICKED
    return one if same and letters(one) not in outlet.keys else ""


def _headline(h1s: Sequence[str], declared: Sequence[str], stripped: Sequence[str]) -> str:
    """The <h1> that is the headline, or what the declared titles say where it has a kicker glued to it."""
    able = [h1 for h1 in h1s if len(h1) >= 10 and (len(h1.split()) >= _FEWEST_WORDS or not h1.isascii())]
    keys = [letters(text) for text in declared]
    for h1 in able:
        key = letters(h1)
        if any(key in each for each in keys):
            return h1
        kicked = next((text for text in stripped if len(letters(text)) >= _KICKED and key.endswith(letters(text))), "")
        if kicked:
            return kicked
    likely = next((h1 for h1 in able if _alike(h1, declared)), "")
    sure = [h1 for h1 in able if len(h1.split()) >= _SURE_WORDS]
    if likely:
        return likely
    if sure and (len(sure) == 1 or not stripped):
        return sure[0]
    return stripped[0] if stripped else next(iter(able or h1s), "")


def _alike(h1: str, declared: Iterable[str]) -> bool:
    """Half of the <h1>'s words stand in a declared title: the same headline, edited."""
    words = set(h1.casefold().split())
    return any(len(words & set(text.casefold().split())) * 2 >= len(words) for text in declared)


def _told(h1s: Iterable[Element]) -> Iterator[str]:
    """The first <h1>s that say something."""
    return islice(filter(None, map(_spaced, h1s)), 5)


def _spaced(element: Element) -> str:
    """An element's text, with the spaces put back that were lost at its children's edges."""
    from lxml import etree  # as in worker.pages.tree.tree

    runs: list[str] = []
    for event, each in islice(etree.iterwalk(element, events=("start", "end")), _MOST_EDGES):
        runs.append(" " if each.tag in ("br", "div", "p") else "")
        if event == "start":
            runs.append(each.text or "")
        elif each is not element:
            runs.append(each.tail or "")
    return join_runs(runs)


def _page_title(tree: Element) -> str:
    head = tree.find("head")
    element = head.find("title") if head is not None else tree.find(".//title")
    return fold_space((element.text or "")[: 2 * _LONGEST]) if element is not None else ""


def _named_in_title(page_title: str, stripped: Sequence[str]) -> str:
    """The outlet's name, where the title ends in one: "Ferry fares to rise | Harbour News"."""
    head = stripped[-1] if stripped else ""
    tail = _CUT.split(page_title[:_LONGEST])[-1]
    return tail if head != page_title and page_title.startswith(head) and page_title.endswith(tail) else ""
