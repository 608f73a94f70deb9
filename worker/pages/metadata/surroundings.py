"""Where a page's headline stands, and what stands beside it: there a page says who wrote an article, and when."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from worker.pages.tree.blocks import letters
from worker.pages.tree.names import fold_names
from worker.pages.tree.tree import Element

# Boxes of other stories, and of the page's own frame.
_NEIGHBOURS = re.compile(
    r"(?<![a-z])(?:related|teaser|recirc|recommend|sidebar|side-bar|most-?(?:read|popular)|popular"
    r"|trending|latest|more-?(?:from|on)"
    r"|comments?|promo|card|up-?next|read-?(?:next|more)|relacionad[ao]s?|lo-?mas|widget|newsletter|ad|ads)(?![a-z])"
)
_FOREIGN_TAGS = ("aside", "nav", "footer", "figure", "figcaption", "table", "form", "blockquote")
_CARRIERS = (
    "time", "span", "div", "p", "dd", "li", "small", "abbr", "address", "em", "i", "b", "strong", "h2", "h3", "h4", "h"
    "5",
    "h6", "a", "td", "font",
)  # fmt: skip
_BEFORE, _AFTER = 25, 90  # elements before and after the headline
_TOLD = 400  # letters of paragraphs after which the story is being told
_LEVELS = 3  # up from the headline, within which what stands before it is the article's
_FEWEST_LETTERS = 12
_MOST_TEXTS = 30  # pieces of an element's text that are read


def line_of(element: Element) -> str:
    """An element's text on one line, its children's parts kept apart."""
    return " ".join(" ".join(islice(element.itertext(), _MOST_TEXTS)).split())


def names_of(element: Element) -> str:
    """Class and id in one form: "post-date" for "postDate" and "post_date"."""
    names, own = element.get("class"), element.get("id")
    return fold_names(f"{names or ''} {own or ''}".strip()) if names or own else ""


def is_elsewhere(element: Element, within: frozenset[Element] = frozenset()) -> bool:
    """Whether the element stands in a box of other stories or of the frame; `within` are the article's own boxes."""
    for up in (element, *element.iterancestors()):
        if up in within or up.tag in ("body", "html"):
            return False
        names = names_of(up)
        if up.tag in _FOREIGN_TAGS or (names and _NEIGHBOURS.search(names)):
            return True
        if within and up.tag == "article":
            return True
    return False


def beside_headline(body: Element, titles: Sequence[str]) -> list[Element]:
    """Elements just after the headline, down to where the story is being told; then those just before it.

    Empty where no headline is found.
    """
    headline = _headline(body, {key for title in titles if len(key := letters(title)) >= _FEWEST_LETTERS})
    return list(_beside(body, headline)) if headline is not None else []


def called(body: Element, pattern: re.Pattern[str]) -> Iterator[Element]:
    """Elements whose class or id the pattern finds, outside of neighbours' boxes."""
    for element in body.iter(*_CARRIERS):
        names = names_of(element)
        if names and pattern.search(names) and not is_elsewhere(element):
            yield element


def _headline(body: Element, keys: set[str]) -> Element | None:
    for tags in (("h1",), ("h2", "h3", "div", "b", "strong", "td", "p", "span")):
        for element in body.iter(*tags):
            text = "".join(islice(element.itertext(), _MOST_TEXTS))
            if len(text) < 1000 and letters(text) in keys:
                return element
    h1s = list(islice(body.iter("h1"), 3))
    return h1s[0] if len(h1s) == 1 else None


def _beside(body: Element, headline: Element) -> Iterator[Element]:
    """Elements just after the headline, down to where the story is being told; then those just before it."""
    rest = body.iter(*_CARRIERS, "h1")
    before = deque(takewhile(lambda element: element is not headline, rest), maxlen=_BEFORE)
    within = frozenset(headline.iterancestors())
    near = frozenset(islice(headline.iterancestors(), _LEVELS)) - {body}
    told = 0
    for element in islice(rest, _AFTER):
        if is_elsewhere(element, within):
            continue
        if element.tag == "p":
            told += len(letters("".join(islice(element.itertext(), 50))[:1000]))
            if told > _TOLD:
                break
        yield element
    for element in before:
        if not near.isdisjoint(element.iterancestors()) and not is_elsewhere(element, within):
            yield element
