"""Blocks of a page's text, what they hang in, and what is asked of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from worker.pages.tree.names import without_numbers
from worker.pages.tree.spacing import ends_sentence

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LEAVES = HEADINGS | {
    "p",
    "li",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "dt",
    "dd",
    "dl",
    "td",
    "th",
    "tr",
    "tbody",
    "table",
}
PARAGRAPH = 60
"""Letters of a paragraph; less may be a caption, a teaser, a button."""
_NO_LETTERS = re.compile(r"[\W_]+")
_COMMON_SIGNS = " ’‘“”–—…«»\u00a0"
_ASCII_LETTERS = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}


@dataclass(slots=True, eq=False)
class Place:
    """A block element on the way down to a block: its tag, class and id, and where it hangs."""

    tag: str
    names: str  # class and id as written
    parent: Place | None
    kind: str = ""  # "hidden", or what the names say it is once asked
    first: int = 0  # numbers of the blocks in it, in the list that they were read into: they stand side by side
    end: int = 0
    _form: str = ""
    _home: Place | None = None

    @property
    def home(self) -> Place:
        """The container that a paragraph, heading or list item stands in; what is none of these is its own."""
        if self._home is None:
            self._home = self.parent.home if self.tag in _LEAVES and self.parent is not None else self
        return self._home

    @property
    def form(self) -> str:
        """Its tag and names without numbers: what containers of one kind share."""
        if not self._form:
            self._form = f"{self.tag} {without_numbers(self.names)}"
        return self._form

    def line(self) -> Iterator[Place]:
        """This place and all it hangs in, innermost first."""
        place: Place | None = self
        while place is not None:
            yield place
            place = place.parent


@dataclass(slots=True)
class Block:
    """One run of text between two block boundaries. `link_share` is the share of its letters within links."""

    text: str
    place: Place
    link_share: float = 0.0
    bold: bool = False
    menu: bool = False  # among at least five links with next to nothing else
    headline: bool = False  # within an <h1>
    key: str = ""  # letters and digits only, lower case

    @property
    def told(self) -> float:
        """Letters that are no link: a menu tells nothing, however long it is."""
        return len(self.key) * (1 - self.link_share)

    def is_told(self, least: int = PARAGRAPH) -> bool:
        """Whether it is a paragraph that tells something: so many letters that are no link, and a sentence's end."""
        return self.told >= least and ends_sentence(self.text)

    @property
    def home(self) -> Place:
        """The container the block's paragraph, heading or list item stands in."""
        return self.place.home


def places_of(blocks: Iterable[Block]) -> Iterator[Place]:
    """What a page's blocks hang in, each place once."""
    for number, block in enumerate(blocks):
        place: Place | None = block.place
        while place is not None and place.first == number:
            yield place
            place = place.parent


def hang_in(blocks: Sequence[Block], is_it: Callable[[Place], bool]) -> list[bool]:
    """Of each of a page's blocks, whether it hangs in such a place."""
    found = [False] * len(blocks)
    for place in places_of(blocks):
        if is_it(place):
            found[place.first : place.end] = [True] * (place.end - place.first)
    return found


def letters(text: str) -> str:
    """What stays the same however a text is spaced and punctuated."""
    if not text.isascii() and " " in text:
        for sign in _COMMON_SIGNS:  # a third of the time that they take one by one
            text = text.replace(sign, "")
    if text.isascii():
        return text.translate(_ASCII_LETTERS)
    return _NO_LETTERS.sub("", text).lower()
