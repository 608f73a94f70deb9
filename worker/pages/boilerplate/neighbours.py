"""Teasers of a site's other articles: lines that say the headline of one, or begin as it does and are cut off.

What stands in related boxes and link lists changes from page to page and is marked up by every page maker in its own
way; that it tells of other articles of the site shows in any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from worker.pages.article import ExtractedArticle
from worker.pages.main_text.verdict import long_words
from worker.pages.tree.blocks import letters
from worker.pages.tree.spacing import is_cut_off

_KEY = 24  # letters by which beginnings are looked up
_SHORTEST, _FEWEST_WORDS = 16, 3  # letters and words of a headline that is no label ("Opinion", "In pictures")
_LONGEST = 600  # characters; a longer line is no teaser
_MOST_LINES = 300
_WHOLE = 60  # letters of a beginning that is no set phrase: whole, it is the other article itself
_RELATED = 0.34  # of a headline's words, from which on a text may be about the same
_TELLING = 6  # letters
_FIRST = 2  # paragraphs by which an article begins: before the lead a standfirst may stand
# A place, an agency or a kicker before the first words: a page's teaser has them, or its article has, or both.
_BEFORE = re.compile(r".{1,70}?(?:\)\s*[.,:]?\s*[—–-]*|[.,:]?\s*[—–]+|\s-+|\.-+|:)\s+(?=\S)")
_BEFORES = 2
_ITEMS = 3  # headlines with whole paragraphs under them, from which on a text that is mostly these is a round-up


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another article of the site: its headline, what its feed says of it, and its first paragraphs."""

    title: str
    summary: str = ""
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line by its letters, as it stands and after what may stand before its first words, and by its words."""

    text: str
    said: str
    starts: tuple[str, ...]
    words: frozenset[str]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """A neighbour by the letters of its headline ("" for a label), of its beginnings and of its paragraphs."""

    headline: str
    words: frozenset[str]
    beginnings: tuple[str, ...]
    paragraphs: tuple[str, ...] = ()

    def is_headline(self, line: _Line) -> bool:
        return bool(self.headline) and self.headline in line.starts

    def begins(self, line: _Line) -> bool:
        """Whether the line and a beginning agree as far as both go."""
        return any(_agree(each, start) for start in line.starts for each in self.beginnings)

    def holds(self, line: _Line, least: int) -> bool:
        """Whether a beginning has the whole line as its first words."""
        return any(len(start) >= least and each.startswith(start) for start in line.starts for each in self.beginnings)


def first_paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs by which an article is known to begin."""
    return tuple(text.split("\n\n", _FIRST)[:_FIRST])


def beginning_keys(*texts: str) -> frozenset[int]:
    """Return 63 bits for each way in which the headlines or texts begin: as they do, and after a place, an agency or a
    kicker. Spacing and punctuation make no difference; labels have none, nor has what is written without spaces."""
    found = (_key(start) for text in texts for start in _starts(text))
    return frozenset(key for key in found if key is not None)


def line_keys(article: ExtractedArticle) -> frozenset[int]:
    """Return the `beginning_keys` of an article's lines, kept and taken out; of 300 each at most."""
    removed = (each.line for each in article.removed[:_MOST_LINES])
    return beginning_keys(*_lines(article), *removed)


def find_teasers(
    article: ExtractedArticle, own: Iterable[Neighbour], neighbours: Iterable[Neighbour]
) -> frozenset[str]:
    """Return the lines of the article's text, as `normalize_line` makes them, that tell of its neighbours.

    `own` is how the article itself is told. Under its headline, or with its beginning, a neighbour is the same story
    once more, and its words are no teaser here. A neighbour's whole paragraphs count only where it is about something
    else than the rest of the text, and never the first line. A round-up is made of them, and keeps them.
    """
    ours = [_told(one) for one in own]
    told = [one for one in map(_told, neighbours) if not any(_is_same(one, our) for our in ours)]
    if not told:
        return frozenset()
    lines = list(map(_line, _lines(article)))
    removed = {start for each in article.removed[:_MOST_LINES] for start in map(letters, _starts(each.line))}
    return _Search(lines, ours, told, {one for one in told if one.headline in removed}).teasers()


class _Search:
    """Goes over an article's lines, remembering of which neighbours it has met the headline."""

    def __init__(self, lines: Sequence[_Line], ours: Sequence[_Told], told: Sequence[_Told], met: set[_Told]) -> None:
        self._lines, self._ours, self._told, self._met = lines, ours, told, met
        self._own_words = frozenset[str]().union(*(our.words for our in ours))
        self._is_row = sum(any(_after_headline(line, one) for one in told) for line in lines) > 1

    def teasers(self) -> frozenset[str]:
        teasers: set[int] = set()
        for number in range(len(self._lines)):
            found = [one for one in self._told if self._names(number, one)]
            self._met.update(found)
            if found or self._is_excerpt_below(number, teasers):
                teasers.add(number)
        whole = {each for number in range(1, len(self._lines)) for each in self._whole(number, teasers)} - teasers
        if self._is_round_up(teasers, whole):
            return frozenset()
        return frozenset(self._lines[number].said for number in teasers | whole)

    def _names(self, number: int, one: _Told) -> bool:
        """Whether the line says the neighbour's headline, or begins as it does and is cut off."""
        line = self._lines[number]
        if one.is_headline(line):
            return True
        if line.is_cut and len(line.said) >= _KEY and one.headline.startswith(line.said):
            return True
        if line.is_cut and one.begins(line) and not any(our.begins(line) for our in self._ours):
            return True
        rest = _after_headline(line, one)
        return bool(rest) and (self._is_row or line.is_cut or one.begins(_line(rest)))

    def _is_excerpt_below(self, number: int, teasers: set[int]) -> bool:
        """Whether a line is cut off, and stands right under another article's headline; nobody's words in quotes."""
        is_below = number - 1 in teasers and not self._lines[number - 1].is_cut
        return is_below and self._lines[number].is_cut and self._lines[number].text.endswith(("…", "..."))

    def _is_own(self, line: _Line) -> bool:
        """Whether the line begins as the article does, or speaks of what its headline does."""
        speaks_of_it = _share(_telling(self._own_words), line.words) >= _RELATED
        return speaks_of_it or any(our.begins(line) for our in self._ours)

    def _whole(self, number: int, teasers: set[int]) -> Iterator[int]:
        """The lines from this one on that are a neighbour's first paragraphs: whole, as on pages that scroll on."""
        line = self._lines[number]
        for one in self._told:
            least = _SHORTEST if one in self._met else _WHOLE
            if number in teasers or not one.holds(line, least) or self._is_own(line):
                continue
            run = self._run(number, one)
            others = (each.words for place, each in enumerate(self._lines) if place not in {*run, *teasers})
            if _share(_telling(one.words), self._own_words.union(*others)) < _RELATED:
                yield from run

    def _run(self, number: int, one: _Told) -> list[int]:
        run = [number]
        for place, paragraph in enumerate(one.paragraphs[1:], number + 1):
            if place >= len(self._lines) or self._lines[place].said != paragraph:
                break
            run.append(place)
        return run

    def _is_round_up(self, teasers: set[int], whole: set[int]) -> bool:
        """Whether the text is mostly headlines with whole paragraphs under them."""
        items = sum(number - 1 in teasers for number in whole)
        size = sum(len(self._lines[number].said) for number in teasers | whole)
        is_cut = any(self._lines[number].is_cut for number in teasers)
        return items >= _ITEMS and not is_cut and 2 * size > sum(len(line.said) for line in self._lines)


def _lines(article: ExtractedArticle) -> list[str]:
    return [line for line in article.text.split("\n\n", _MOST_LINES)[:_MOST_LINES] if len(line) <= _LONGEST]


def _line(text: str) -> _Line:
    return _Line(text, letters(text), tuple(map(letters, _starts(text))), long_words(text), is_cut_off(text))


def _starts(text: str) -> Iterator[str]:
    text = text[:_LONGEST]
    yield text
    for _ in range(_BEFORES):
        before = _BEFORE.match(text)
        if before is None:
            return
        text = text[before.end() :]
        yield text


def _key(text: str) -> int | None:
    start = letters(text[: _KEY * 8])[:_KEY]
    if len(start) < _SHORTEST or len(text.split(maxsplit=_FEWEST_WORDS)) < _FEWEST_WORDS:
        return None
    return int.from_bytes(blake2b(start.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def _told(one: Neighbour) -> _Told:
    headline = letters(one.title) if _key(one.title) is not None else ""
    said = (one.summary, *one.paragraphs[:_FIRST])
    starts = (letters(start) for text in said for start in _starts(text))
    beginnings = tuple(dict.fromkeys(start for start in starts if len(start) >= _KEY))
    return _Told(headline, long_words(one.title), beginnings, tuple(map(letters, one.paragraphs)))


def _is_same(one: _Told, other: _Told) -> bool:
    same_beginning = any(_agree(each, theirs) for each in one.beginnings for theirs in other.beginnings)
    return same_beginning or one.headline == other.headline != "" or _agree(one.headline, other.headline)


def _telling(words: frozenset[str]) -> frozenset[str]:
    """The long ones: of the others, any two texts of one language share some."""
    return frozenset(word for word in words if len(word) >= _TELLING) or words


def _share(words: frozenset[str], others: frozenset[str]) -> float:
    """The share of the words that stand among the others; of no words, none."""
    return len(words & others) / len(words) if words else 0.0


def _after_headline(line: _Line, one: _Told) -> str:
    """What the line says after the neighbour's headline, where that ends as one: "" where the sentence goes on."""
    if not one.headline or len(line.said) == len(one.headline) or not line.said.startswith(one.headline):
        return ""
    seen = 0
    for place, letter in enumerate(line.text):
        if seen == len(one.headline):
            rest = line.text[place:].lstrip()
            return "" if rest[:1].islower() or rest[:1] in ",;" else rest
        seen += len(letters(letter))
    return ""


def _agree(one: str, other: str) -> bool:
    """Whether the shorter begins the longer, and is no label."""
    length = min(len(one), len(other))
    return length >= _SHORTEST and one[:length] == other[:length]
