"""A page's tree → its blocks of text in reading order, with what the markup says of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from worker.pages.tree.layers import is_called_layer, is_known_layer
from worker.pages.tree.names import LONGEST, without_numbers
from worker.pages.tree.spacing import SENTENCE_END, join_runs
from worker.pages.tree.tree import Element
from worker.pages.walls import find_wall

# Never text of a page.
_SKIPPED = frozenset(
    [
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas",
        "audio", "video", "map", "select", "option", "datalist", "input", "textarea", "head", "nav", "dialog",
        "progress", "meter", "frameset", "applet",
    ]
)  # fmt: skip
_INLINE = frozenset(
    [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del", "dfn",
        "em", "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby",
        "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
        "wbr",
    ]
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LEAVES = _HEADINGS | {
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
# What a menu, a list of headlines or a cloud of tags has of links.
_FEWEST_ENTRIES = 5
_MENU_SHARE = 0.9
PLAIN = "x"
PARAGRAPH = 60
"""Letters of a paragraph; less may be a caption, a teaser, a button."""
_EDGE = ("", False, False)  # a tag's edge, for join_runs
_NO_LETTERS = re.compile(r"[\W_]+")
_ASCII_LETTERS = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SCREEN_READER = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?|a11y-hidden|offscreen)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MOST_OF_LAYER = 40  # blocks; a list of 800 partners is in a box of its own


@dataclass(slots=True)
class Place:
    """A block element on the way down to a block: its tag, class and id, and where it hangs."""

    tag: str
    names: str  # class and id as written
    parent: Place | None
    kind: str = ""  # "hidden", or what the names say it is once asked
    _form: str = ""

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
    key: str = ""  # letters and digits only, lower case

    @property
    def told(self) -> float:
        """Letters that are no link: a menu tells nothing, however long it is."""
        return len(self.key) * (1 - self.link_share)

    def is_told(self, least: int = PARAGRAPH) -> bool:
        """Whether it is a paragraph that tells something: so many letters that are no link, and a sentence's end."""
        return self.told >= least and SENTENCE_END.search(self.text) is not None

    @property
    def home(self) -> Place:
        """The container the block's paragraph, heading or list item stands in."""
        place = self.place
        while place.tag in _LEAVES and place.parent is not None:
            place = place.parent
        return place


def read_blocks(body: Element) -> list[Block]:
    """Blocks of `body` in reading order; hidden elements, scripts and navigation left out."""
    return read_blocks_and_gaps(body)[0]


def read_blocks_and_gaps(body: Element) -> tuple[list[Block], list[Element]]:
    """The blocks, and the elements that need not be searched for text: those without any, and the menus.

    They are half of a news page's elements. Inline elements without a class are renamed to `PLAIN`: they mean
    nothing to who looks for text.
    """
    reader = _Reader()
    reader.walk(body, Place("body", "", None), 0)
    reader.flush()
    for start, end in reader.menus:
        for block in reader.blocks[start:end]:
            block.menu = True
    return reader.blocks, reader.gaps


def hang_in(blocks: Iterable[Block], is_it: Callable[[Place], bool]) -> list[bool]:
    """Of each block, whether it hangs in such a place; each place is asked once."""
    known: dict[int, bool] = {}

    def ask(place: Place) -> bool:
        found = is_it(place)
        if not found and place.parent is not None:
            found = known[id(place.parent)] if id(place.parent) in known else ask(place.parent)
        known[id(place)] = found
        return found

    return [known[id(block.place)] if id(block.place) in known else ask(block.place) for block in blocks]


def letters(text: str) -> str:
    """What stays the same however a text is spaced and punctuated."""
    if text.isascii():
        return text.translate(_ASCII_LETTERS)
    return _NO_LETTERS.sub("", text).lower()


@lru_cache(maxsize=4096)
def _is_for_screen_readers(names: str) -> bool:
    return _SCREEN_READER.search(names) is not None


class _Reader:
    """The walk's state: the runs of the block being read. A run is (text, link?, bold?)."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.gaps: list[Element] = []
        self.menus: list[tuple[int, int]] = []
        self.taken = 0  # runs with any text
        self.sizes: list[float] = [0.0]  # letters of the blocks so far, and of those within links
        self.links: list[float] = [0.0]
        self.runs: list[tuple[str, bool, bool]] = []
        self.place = Place("body", "", None)
        self.element: Element = None

    def flush(self) -> None:
        if self.element is None:  # nothing but space since the last block
            self.runs.clear()
            return
        runs, self.runs = self.runs, []
        place, self.element = self.place, None
        text = join_runs([run[0] for run in runs])
        if not text or not (key := letters(text)):
            return
        total = linked = bold = 0
        for run, in_link, in_bold in runs:
            size = len(run.strip())
            total += size
            linked += size * in_link
            bold += size * in_bold
        share = linked / (total or 1)
        self.blocks.append(Block(text, place, share, bold * 10 >= total * 9, key=key))
        self.sizes.append(self.sizes[-1] + len(key))
        self.links.append(self.links[-1] + len(key) * share)

    def walk(self, element: Element, place: Place, mode: int) -> None:
        """`mode`: bit 1 within a link, bit 2 within bold. Depth is bounded by the parser (256)."""
        text = element.text
        if text:
            self._take(text, element, place, mode)
        for child in element:
            tag = child.tag
            if tag == "br":
                self._line_break(child)
            elif tag in _SKIPPED or not isinstance(tag, str):
                self.gaps.append(child)
            else:
                taken, gaps, start = self.taken, len(self.gaps), len(self.blocks)
                self._child(child, tag, place, mode)
                if self.taken > taken and not self.runs and self._is_layer(child, start):
                    self._forget(start)
                    self.taken = taken
                if self.taken == taken or (len(self.blocks) >= start + _FEWEST_ENTRIES and self._ends_menu(start)):
                    del self.gaps[gaps:]
                    self.gaps.append(child)
            text = child.tail
            if text:
                self._take(text, element, place, mode)

    def _is_layer(self, element: Element, start: int) -> bool:
        """Whether the element just walked asks for consent or an account before the page: it covers the story and is
        none. One that holds a headline or an article is the page."""
        if not 0 < len(self.blocks) - start <= _MOST_OF_LAYER or not element.keys():
            return False
        names = f"{element.get('class') or ''} {element.get('id') or ''}"[:LONGEST]
        known = names != " " and is_known_layer(names)
        if not known and not (element.get("aria-modal") or is_called_layer(f"{names} {element.get('role') or ''}")):
            return False
        if next(element.iter("h1", "article", "main"), None) is not None:
            return False
        return known or bool(find_wall("\n".join(block.text for block in self.blocks[start:])))

    def _forget(self, start: int) -> None:
        del self.blocks[start:], self.sizes[start + 1 :], self.links[start + 1 :]
        while self.menus and self.menus[-1][1] > start:
            self.menus.pop()

    def _ends_menu(self, start: int) -> bool:
        """Whether the element just walked, whose blocks begin at `start`, is a list of links."""
        if self.runs or self.links[-1] - self.links[start] < (self.sizes[-1] - self.sizes[start]) * _MENU_SHARE:
            return False
        while self.menus and self.menus[-1][0] >= start:
            self.menus.pop()
        self.menus.append((start, len(self.blocks)))
        return True

    def _child(self, child: Element, tag: str, place: Place, mode: int) -> None:
        names = child.get("class") or ""
        hidden = (
            (child.get("hidden") is not None)
            or (names and _is_for_screen_readers(names[:LONGEST]))
            or ((style := child.get("style")) and _HIDDEN_STYLE.search(style) is not None)
        )
        if tag in _INLINE:
            self.runs.append(_EDGE)
            if hidden:
                return
            self.walk(child, place, mode | (1 if tag == "a" else 2 if tag in ("b", "strong") else 0))
            self.runs.append(_EDGE)
            if not names and tag != "a":
                child.tag = PLAIN
            return
        if self.runs:
            self.flush()
        is_heading = tag in _HEADINGS  # whose id is an anchor made of its own words
        below = Place(tag, f"{names} {'' if is_heading else child.get('id') or ''}", place, "hidden" if hidden else "")
        self.walk(child, below, mode & 1 if is_heading else mode)
        if self.runs:
            self.flush()

    def _take(self, text: str, element: Element, place: Place, mode: int) -> None:
        if not text.isspace():
            self.taken += 1
            if self.element is None:
                self.place, self.element = place, element
        self.runs.append((text, bool(mode & 1), bool(mode & 2)))

    def _line_break(self, child: Element) -> None:
        """Ends the block, unless the sentence plainly goes on in the next line."""
        after = (child.tail or "").lstrip()
        before = self.runs[-1][0].rstrip() if self.runs else ""
        if after[:1].islower() and (before[-1:].islower() or before.endswith(",")):
            self.runs.append((" ", False, False))
        else:
            self.flush()
