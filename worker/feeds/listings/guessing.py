"""A fair guess at the rules of a listing page, for a person to start from.

Articles of a list are built alike: their links stand in elements of the same names and classes. Of an element's
classes the one that the page has most often says what it is: others are of this article alone, of its section or its
place. Of all such groups the one counts that looks most like headlines: many different addresses, several words each,
often in headings, with dates.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from worker.feeds import dates
from worker.feeds.listings.rules import ListingRules, compile_selector
from worker.feeds.listings.tree import Element, ListingPage, boxes_of, href_of, read_page, text_of

_FEWEST = 3  # entries of a list
_MOST_LINKS = 5_000
_MOST_WORDS = 12  # of a headline that speak for it
_FEWEST_WORDS = 3
_NEAR_ENTRY = 1  # elements around a link that are surely its entry's own
_NEAR = 4  # elements around a link by which it is told from others
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BESIDE = frozenset({"nav", "footer", "aside", "form"})  # a header may be an article's own
_BESIDE_CLASS = re.compile(
    r"(?:^|[-_ ])(?:nav|menu|footer|sidebar|related|widget|breadcrumbs?|pagination|tags?|social)", re.I
)
_DATED = re.compile(r"date|time|fecha|hora|publi|posted|meta|when|datum", re.IGNORECASE)
_NAME = re.compile(r"-?[A-Za-z_][\w-]*")
_OF_PLACE = re.compile(r"\d$|\d{3}|(?:^|[-_])(?:active|current|first|last|odd|even|sticky)(?:$|[-_])", re.IGNORECASE)
_MOST_CLASSES = 20  # of an element
_LONGEST_DATE = 60  # characters


@dataclass(frozen=True, slots=True)
class _Namer:
    """Calls elements by what they have in common with others: how often the page has each class."""

    often: Counter[str]

    def name(self, element: Element, *, alone: bool = False) -> str:
        """Return the tag with its commonest class, as a selector; `alone` takes a class that no other element has."""
        known = [one for one in _classes(element) if alone or self.often[one] > 1]
        best = max(known, key=lambda one: self.often[one], default="")
        return f"{element.tag}.{best}" if best else str(element.tag)


@dataclass(frozen=True, slots=True)
class _Group:
    """Links that are built alike, with their addresses and boxes."""

    links: Sequence[tuple[Element, str]]
    boxes: Sequence[Element]
    score: float


def guess_rules(document: bytes, url: str, content_type: str = "") -> ListingRules | None:
    """Return rules that read the page's main list, None where it has none.

    Raises DocumentError `empty` or `unreadable`.
    """
    page = read_page(document, url, content_type)
    links = list(islice(page.tree.iter("a"), _MOST_LINKS))
    namer = _Namer(Counter(name for element in page.tree.iter() for name in _classes(element)))
    groups = sorted(_groups(page, links, url, namer), key=lambda group: -group.score)
    for group in groups[:3]:
        if selector := _link_selector(page.tree, group, frozenset(links), namer):
            return ListingRules(selector, _title_selector(group), _date_selector(group, namer))
    return None


def _groups(page: ListingPage, elements: Sequence[Element], url: str, namer: _Namer) -> Iterator[_Group]:
    alike: dict[tuple[str, ...], list[tuple[Element, str]]] = defaultdict(list)
    host = urlsplit(url).hostname or ""
    for element in elements:
        address = href_of(element, page.base)
        if address and _is_within(address, host) and address.partition("#")[0] != url.partition("#")[0]:
            alike[_build(element, namer)].append((element, address))
    for links in alike.values():
        if len({address for _, address in links}) >= _FEWEST:
            boxes = boxes_of(links)
            score = _score(links, boxes)
            if score > 0:
                yield _Group(links, boxes, score)


def _is_within(address: str, host: str) -> bool:
    parts = urlsplit(address)
    named, own = (parts.hostname or "").removeprefix("www."), host.removeprefix("www.")
    return (named == own or named.endswith(f".{own}")) and parts.path.strip("/") != ""


def _build(element: Element, namer: _Namer) -> tuple[str, ...]:
    """What a link and the elements around it are called: alike for links of one list."""
    return tuple(namer.name(one) for one in (element, *_up(element, _NEAR)))


def _up(element: Element, most: int) -> list[Element]:
    found: list[Element] = []
    for around in element.iterancestors():
        if len(found) == most or around.tag in ("body", "html"):
            break
        found.append(around)
    return found


def _classes(element: Element) -> list[str]:
    named = (element.get("class") or "").split() if isinstance(element.tag, str) else []
    return [one for one in named[:_MOST_CLASSES] if _NAME.fullmatch(one) and not _OF_PLACE.search(one)]


def _score(links: Sequence[tuple[Element, str]], boxes: Sequence[Element]) -> float:
    words: dict[str, int] = {}
    for (element, address), box in zip(links, boxes, strict=True):
        said = max(_words(element), *(_words(one) for one in islice(box.iter(*_HEADINGS), 1)), 0)
        words[address] = max(words.get(address, 0), min(said, _MOST_WORDS))
    headlines = [count for count in words.values() if count >= _FEWEST_WORDS]
    if len(headlines) < max(_FEWEST, len(words) / 2):
        return 0.0
    first, first_box = links[0][0], boxes[0]
    weight = 1.0
    if any(around.tag in _HEADINGS for around in _up(first, _NEAR)) or next(first.iter(*_HEADINGS), None) is not None:
        weight *= 2
    if any(_date_in(box) is not None for box in boxes[:5]):
        weight *= 2
    if any(_is_beside(around) for around in (first_box, *first.iterancestors())):
        weight *= 0.2
    return weight * sum(headlines)


def _words(element: Element) -> int:
    return len(text_of(element).split())


def _is_beside(element: Element) -> bool:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in _BESIDE or (element.tag not in ("body", "html") and bool(_BESIDE_CLASS.search(named)))


def _link_selector(tree: Element, group: _Group, seen: frozenset[Element], namer: _Namer) -> str:
    """The shortest selector that finds the group's links and hardly others of those that were `seen`."""
    wanted = {element for element, _ in group.links}
    around = [group.links[0][0], *_up(group.links[0][0], _NEAR + 2)]
    names = [namer.name(one, alone=number > _NEAR_ENTRY) for number, one in enumerate(around)]
    for selector in _candidates(names):
        found = seen.intersection(select(tree)) if (select := compile_selector(selector)) else frozenset[Element]()
        if len(found & wanted) >= 0.9 * len(wanted) and len(found - wanted) <= 0.1 * len(wanted):
            return selector
    return ""


def _candidates(names: Sequence[str]) -> Iterator[str]:
    """From "a.title" over "h2.entry a" to the whole path, those with few parts first."""
    link = names[0]
    if "." in link:
        yield link
    yield from (f"{outer} {link}" for outer in names[1:])
    for number, inner in enumerate(names[1:], start=1):
        yield from (f"{outer} {inner} {link}" for outer in names[number + 1 :])
    yield " > ".join(reversed(names))


def _title_selector(group: _Group) -> str:
    """Nothing where the links say the headlines themselves; else the heading that most boxes have."""
    of_their_own = sum(_words(element) >= _FEWEST_WORDS for element, _ in group.links)
    heading_within = next(group.links[0][0].iter(*_HEADINGS), None) is not None
    if heading_within or 2 * of_their_own >= len(group.links):
        return ""
    tags = Counter(tag for box in group.boxes for tag in {one.tag for one in box.iter(*_HEADINGS)})
    return next((tag for tag, count in tags.most_common(1) if 2 * count >= len(group.boxes)), "")


def _date_selector(group: _Group, namer: _Namer) -> str:
    """What most boxes have a date in; nothing where that is a `<time>`, which is looked for anyway."""
    found = [one for box in group.boxes if (one := _date_in(box)) is not None]
    if not found or 2 * len(found) < len(group.boxes) or found[0].tag == "time":
        return ""
    (name, _), *_ = Counter(map(namer.name, found)).most_common(1)
    return name


def _date_in(box: Element) -> Element | None:
    """The element of a box that is a date: a `<time>`, or one that is named like one and reads as one."""
    for element in box.iter("time"):
        if dates.parse_date(element.get("datetime") or text_of(element)):
            return element
    for element in box.iter():
        named = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        said = text_of(element) if isinstance(element.tag, str) and _DATED.search(named) else ""
        if 0 < len(said) <= _LONGEST_DATE and dates.parse_date(said):
            return element
    return None
