"""A page's tree → its blocks of text in reading order, with what the markup says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.pages.spacing import join_runs
from worker.pages.tree import Element

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
_NO_LETTERS = re.compile(r"[\W_]+")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SCREEN_READER = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?|a11y-hidden|offscreen)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Place:
    """A block element on the way down to a block: its tag, class and id, and where it hangs."""

    tag: str
    names: str  # class and id as written
    parent: Place | None
    kind: str = ""  # "hidden", or what the names say it is once asked

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
    key: str = ""  # letters and digits only, lower case
    element: Element = field(default=None, repr=False)

    @property
    def home(self) -> Place:
        """The container the block's paragraph, heading or list item stands in."""
        place = self.place
        while place.tag in _LEAVES and place.parent is not None:
            place = place.parent
        return place


def read_blocks(body: Element) -> list[Block]:
    """Blocks of `body` in reading order; hidden elements, scripts and navigation left out."""
    reader = _Reader()
    reader.walk(body, Place("body", "", None), 0)
    reader.flush()
    return reader.blocks


def letters(text: str) -> str:
    """What stays the same however a text is spaced and punctuated."""
    return _NO_LETTERS.sub("", text).lower()


class _Reader:
    """The walk's state: the runs of the block being read. A run is (text, link?, bold?)."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.runs: list[tuple[str, bool, bool]] = []
        self.place = Place("body", "", None)
        self.element: Element = None

    def flush(self) -> None:
        if self.element is None:  # nothing but space since the last block
            self.runs.clear()
            return
        runs, self.runs = self.runs, []
        place, element, self.element = self.place, self.element, None
        text = join_runs([run[0] for run in runs])
        if not text or not (key := letters(text)):
            return
        total = linked = bold = 0
        for run, in_link, in_bold in runs:
            size = len(run.strip())
            total += size
            linked += size * in_link
            bold += size * in_bold
        self.blocks.append(Block(text, place, linked / (total or 1), bold * 10 >= total * 9, key, element))

    def walk(self, element: Element, place: Place, mode: int) -> None:
        """`mode`: bit 1 within a link, bit 2 within bold. Depth is bounded by the parser (256)."""
        if element.text:
            self._take(element.text, element, place, mode)
        for child in element:
            tag = child.tag
            if tag == "br":
                self._line_break(child)
            elif isinstance(tag, str) and tag not in _SKIPPED:
                self._child(child, tag, place, mode)
            if child.tail:
                self._take(child.tail, element, place, mode)

    def _child(self, child: Element, tag: str, place: Place, mode: int) -> None:
        hidden = _is_hidden(child)
        if tag in _INLINE:
            self.runs.append(("", False, False))  # a boundary, for join_runs
            if hidden:
                return
            self.walk(child, place, mode | (1 if tag == "a" else 2 if tag in ("b", "strong") else 0))
            self.runs.append(("", False, False))
            return
        self.flush()
        attributes = child.attrib
        names = f"{attributes.get('class', '')} {attributes.get('id', '')}"
        below = Place(tag, names, place, "hidden" if hidden else "")
        self.walk(child, below, mode & 1 if tag in _HEADINGS else mode)
        self.flush()

    def _take(self, text: str, element: Element, place: Place, mode: int) -> None:
        if self.element is None and not text.isspace():
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


def _is_hidden(element: Element) -> bool:
    attributes = element.attrib
    if not attributes:
        return False
    style = attributes.get("style")
    if style and _HIDDEN_STYLE.search(style):
        return True
    names = attributes.get("class")
    return "hidden" in attributes or bool(names and _SCREEN_READER.search(names))
