"""The walk over a page's tree that reads its blocks."""

from __future__ import annotations

import re
from functools import lru_cache

from worker.pages.tree.blocks import HEADINGS, Block, Place, letters
from worker.pages.tree.layers import layer_of
from worker.pages.tree.names import LONGEST
from worker.pages.tree.spacing import join_runs
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
_SKIP, _WITHIN, _BREAK = 1, 2, 3
_KINDS = {**dict.fromkeys(_SKIPPED, _SKIP), **dict.fromkeys(_INLINE, _WITHIN), "br": _BREAK}
# What a menu, a list of headlines or a cloud of tags has of links.
_FEWEST_ENTRIES = 5
_MENU_SHARE = 0.9
PLAIN = "x"
"""The tag that inline elements without a class are given."""
_LINK, _BOLD, _HEADLINE = 1, 2, 4
_MODES = {"a": _LINK, "b": _BOLD, "strong": _BOLD}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SCREEN_READER = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?|a11y-hidden|offscreen)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LONGEST_INITIAL = 2  # characters: a quotation mark may stand before the letter
_MOST_OF_LAYER = 40  # blocks; a list of 800 partners is in a box of its own


def read_blocks(body: Element) -> list[Block]:
    """Blocks of `body` in reading order; hidden elements, scripts and navigation left out."""
    return read_blocks_and_gaps(body)[0]


def read_blocks_and_gaps(body: Element) -> tuple[list[Block], list[Element]]:
    """The blocks, and the elements that need not be searched for text: those without any, and the menus.

    They are half of a news page's elements. Inline elements without a class are renamed to `PLAIN`: they mean
    nothing to who looks for text.
    """
    reader = _Reader()
    reader.walk(body, whole := Place("body", "", None), 0)
    reader.flush()
    whole.end = len(reader.blocks)
    for start, end in reader.menus:
        for block in reader.blocks[start:end]:
            block.menu = True
    return reader.blocks, reader.gaps


@lru_cache(maxsize=4096)
def _is_for_screen_readers(names: str) -> bool:
    return _SCREEN_READER.search(names) is not None


class _Reader:
    """The walk's state: the runs of the block being read, and of each whether it is within a link or bold."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.gaps: list[Element] = []
        self.menus: list[tuple[int, int]] = []
        self.taken = 0  # runs with any text
        self.sizes: list[float] = [0.0]  # letters of the blocks so far, and of those within links
        self.links: list[float] = [0.0]
        self.runs: list[str] = []  # "" is a tag's edge
        self.modes: list[int] = []
        self.place, self.mode = Place("body", "", None), 0  # of the first run that tells anything
        self.told = False  # whether there is anything but space in the runs

    def flush(self) -> None:
        runs, modes = self.runs, self.modes
        if not self.told:
            runs.clear()
            modes.clear()
            return
        self.runs, self.modes, self.told = [], [], False
        text = join_runs(runs)
        if not text or not (key := letters(text)):
            return
        share, bold = _shares(runs, modes) if any(modes) else (0.0, False)
        self.blocks.append(Block(text, self.place, share, bold, headline=self.mode & _HEADLINE > 0, key=key))
        self.sizes.append(self.sizes[-1] + len(key))
        self.links.append(self.links[-1] + len(key) * share)

    def walk(self, element: Element, place: Place, mode: int) -> None:
        """`mode` is made of `_LINK`, `_BOLD` and `_HEADLINE`. Depth is bounded by the parser (256)."""
        gaps, blocks = self.gaps, self.blocks
        if (text := element.text) and (self.told or not text.isspace()):
            self._take(text, place, mode)
        for child in element:
            tag, tail = child.tag, child.tail
            kind = _KINDS.get(tag, 0) or (_WITHIN if tail and tail[0].isalpha() and _is_initial(child) else 0)
            if kind == _BREAK:
                self._line_break(child)
            elif kind == _SKIP or not isinstance(tag, str):
                gaps.append(child)
            else:
                taken, number, start = self.taken, len(gaps), len(blocks)
                if kind == _WITHIN:
                    self._inline(child, tag, place, mode)
                else:
                    self._child(child, tag, place, mode)
                if self.taken == taken or (len(blocks) >= start + _FEWEST_ENTRIES and self._ends_menu(start)):
                    del gaps[number:]
                    gaps.append(child)
            if tail and (self.told or not tail.isspace()):
                self._take(tail, place, mode)

    def _is_layer(self, element: Element, names: str, start: int) -> bool:
        """Whether the element just walked asks for consent or an account before the page: it covers the story and is
        none. One that holds a headline or an article is the page."""
        layer = layer_of(names)
        if not (layer or element.get("aria-modal") or ((role := element.get("role")) and layer_of(role))):
            return False
        if next(element.iter("h1", "article", "main"), None) is not None:
            return False
        return layer == "known" or bool(find_wall("\n".join(block.text for block in self.blocks[start:])))

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

    def _inline(self, child: Element, tag: str, place: Place, mode: int) -> None:
        self.runs.append("")
        self.modes.append(0)
        names = child.get("class")
        if (names or child.get("hidden") is not None or child.get("style")) and _is_hidden(child, names or ""):
            return
        self.walk(child, place, mode | _MODES.get(tag, 0))
        self.runs.append("")
        self.modes.append(0)
        if not names and tag != "a":
            child.tag = PLAIN

    def _child(self, child: Element, tag: str, place: Place, mode: int) -> None:
        """Reads a block element, and forgets it where it is a layer over the page."""
        if self.runs:
            self.flush()
        taken, start = self.taken, len(self.blocks)
        names = child.get("class") or ""
        if is_heading := tag in HEADINGS:
            mode = mode & ~_BOLD | (_HEADLINE if tag == "h1" else 0)
        called = f"{names} {'' if is_heading else child.get('id') or ''}"  # a heading's is made of its own words
        below = Place(tag, called, place, "hidden" if _is_hidden(child, names) else "", first=start)
        self.walk(child, below, mode)
        if self.runs:
            self.flush()
        below.end = len(self.blocks)
        if 0 < len(self.blocks) - start <= _MOST_OF_LAYER and self._is_layer(child, called[:LONGEST], start):
            self._forget(start)
            self.taken = taken

    def _take(self, text: str, place: Place, mode: int) -> None:
        if not text.isspace():
            self.taken += 1
            if not self.told:
                self.place, self.mode, self.told = place, mode, True
        self.runs.append(text)
        self.modes.append(mode)

    def _line_break(self, child: Element) -> None:
        """Ends the block, unless the sentence plainly goes on in the next line."""
        after = (child.tail or "").lstrip()
        before = self.runs[-1].rstrip() if self.runs else ""
        if after[:1].islower() and (before[-1:].islower() or before.endswith(",")):
            self.runs.append(" ")
            self.modes.append(0)
        else:
            self.flush()


def _is_initial(element: Element) -> bool:
    """Whether an element that letters follow holds nothing but the first letter of their word: a drop cap."""
    text = element.text
    return text is not None and 0 < len(text) <= _LONGEST_INITIAL and text[-1].isalpha() and not len(element)


def _is_hidden(element: Element, names: str) -> bool:
    if element.get("hidden") is not None or (names and _is_for_screen_readers(names[:LONGEST])):
        return True
    style = element.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None


def _shares(runs: list[str], modes: list[int]) -> tuple[float, bool]:
    """The share of the letters that is within links, and whether nine tenths are bold."""
    total = linked = bold = 0
    for run, mode in zip(runs, modes, strict=True):
        size = len(run.strip())
        total += size
        linked += size * (mode & _LINK)
        bold += size * ((mode & _BOLD) > 0)
    return linked / (total or 1), bold * 10 >= total * 9
