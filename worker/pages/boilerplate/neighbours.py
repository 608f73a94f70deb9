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

_KEY = 24  # letters by which beginnings are looked up
_SHORTEST, _FEWEST_WORDS = 16, 3  # letters and words of a headline that is no label ("Opinion", "In pictures")
_LONGEST = 600  # characters; a longer line is no teaser
_MOST_LINES = 300
_WHOLE = 60  # letters of a beginning that is no set phrase: whole, it is the other article itself
_RELATED = 0.34  # of the shorter headline's words, from which on two may be about one event
_CUT = re.compile(r"(?:…|\.\.\.)\W*$")
# A place, an agency or a kicker before the first words: a page's teaser has them, or its article has, or both.
_BEFORE = re.compile(r".{1,70}?(?:\)\s*[.,:]?\s*[—–-]*|[.,:]?\s*[—–]+|\s-+|\.-+|:)\s+(?=\S)")
_BEFORES = 2
_FEWEST_EXCERPTS = 2  # cut-off lines on a page that tells of other articles, from which on they are taken for theirs


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another article of the site: its headline, how its feed's text and its own begin, and its first paragraphs."""

    title: str
    beginnings: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """A neighbour by the letters of its headline ("" for a label) and of its beginnings. `is_stranger` says that it is
    about something else: its whole paragraphs are none of the article's, as an earlier report's on one event may be."""

    headline: str
    beginnings: tuple[str, ...]
    paragraphs: tuple[str, ...] = ()
    is_stranger: bool = False

    def begins(self, line: str, least: int = _SHORTEST) -> bool:
        """Whether the line and a beginning agree as far as both go, and at least so many letters."""
        return any(_agree(each, start, least) for start in _letters_of(line) for each in self.beginnings)

    def is_headline(self, line: str) -> bool:
        return bool(self.headline) and self.headline in _letters_of(line)


def beginning_keys(*texts: str) -> frozenset[int]:
    """Return 63 bits for each way in which the headlines or texts begin: as they do, and after a place, an agency or a
    kicker. Spacing and punctuation make no difference; labels have none."""
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
    once more, and its words are no teaser here.
    """
    own = tuple(own)
    words = frozenset[str]().union(*(long_words(one.title) for one in own))
    ours = [_told(one, words) for one in own]
    theirs = (_told(one, words) for one in neighbours)
    told = [one for one in theirs if not any(_is_same(one, our) for our in ours)]
    if not told:
        return frozenset()
    removed = {start for each in article.removed[:_MOST_LINES] for start in _letters_of(each.line)}
    before = {one for one in told if one.headline in removed}
    lines = _lines(article)
    is_row = sum(any(_after_headline(line, one) for one in told) for line in lines) > 1
    teasers: list[str] = []
    for number, line in enumerate(lines):
        is_own = any(our.begins(line) for our in ours)
        found = [one for one in told if _tells_of(line, one, one in before, is_row=is_row, is_own=is_own)]
        if found:
            before.update(found)
            teasers += [line, *(each for one in found for each in _goes_on(one, lines[number + 1 :]))]
    if before:
        teasers += _excerpts(lines, ours, {one.headline for one in before})
    return frozenset(map(letters, teasers))


def _lines(article: ExtractedArticle) -> list[str]:
    return [line for line in article.text.split("\n\n", _MOST_LINES)[:_MOST_LINES] if len(line) <= _LONGEST]


def _starts(text: str) -> Iterator[str]:
    text = text[:_LONGEST]
    yield text
    for _ in range(_BEFORES):
        before = _BEFORE.match(text)
        if before is None:
            return
        text = text[before.end() :]
        yield text


def _letters_of(line: str) -> list[str]:
    return [letters(start) for start in _starts(line)]


def _key(text: str) -> int | None:
    start = letters(text[: _KEY * 8])[:_KEY]
    if len(start) < _SHORTEST or len(text.split(maxsplit=_FEWEST_WORDS)) < _FEWEST_WORDS:
        return None
    return int.from_bytes(blake2b(start.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def _told(neighbour: Neighbour, own_words: frozenset[str]) -> _Told:
    headline = letters(neighbour.title) if _key(neighbour.title) is not None else ""
    starts = (start for text in neighbour.beginnings for start in _letters_of(text))
    beginnings = tuple(start for start in starts if len(start) >= _KEY)
    paragraphs = tuple(map(letters, neighbour.paragraphs))
    return _Told(headline, beginnings, paragraphs, _is_stranger(neighbour, own_words))


def _is_stranger(neighbour: Neighbour, own_words: frozenset[str]) -> bool:
    words = long_words(neighbour.title)
    shared = len(words & own_words)
    return shared == 0 or shared < min(len(words), len(own_words)) * _RELATED


def _is_same(one: _Told, other: _Told) -> bool:
    same_beginning = any(_agree(each, theirs) for each in one.beginnings for theirs in other.beginnings)
    return same_beginning or one.headline == other.headline != "" or _agree(one.headline, other.headline)


def _tells_of(line: str, one: _Told, before: bool, *, is_row: bool, is_own: bool) -> bool:
    """Whether the line tells of the neighbour: by its headline, or by its beginning where that is long, or cut off, or
    stands under the headline (`before`). `is_row` says that several lines have a headline and what follows it in one;
    `is_own`, that the article itself begins so."""
    is_cut, said = _CUT.search(line) is not None, letters(line)
    if one.is_headline(line) or (is_cut and len(said) >= _KEY and one.headline.startswith(said)):
        return True
    if not is_own and is_cut and one.begins(line):
        return True
    if not is_own and one.is_stranger and one.begins(line, _SHORTEST if before else _WHOLE):
        return True
    rest = _after_headline(line, one)
    return bool(rest) and (is_row or is_cut or one.begins(rest))


def _goes_on(one: _Told, lines: Sequence[str]) -> list[str]:
    """The next lines as long as they are its next paragraphs: pages that scroll on have other articles whole."""
    found: list[str] = []
    if not one.is_stranger:
        return found
    for line, paragraph in zip(lines, one.paragraphs[1:], strict=False):
        if letters(line) != paragraph:
            break
        found.append(line)
    return found


def _excerpts(lines: Sequence[str], ours: Sequence[_Told], headlines: set[str]) -> list[str]:
    """Lines that are cut off, on a page that names several other articles: what these begin with, whoever cut it."""
    cut = [line for line in lines[1:] if _CUT.search(line) and not any(our.begins(line) for our in ours)]
    return cut if min(len(cut), len(headlines)) >= _FEWEST_EXCERPTS else []


def _after_headline(line: str, one: _Told) -> str:
    """What the line says after the neighbour's headline, where that ends as one: "" where the sentence goes on."""
    said = letters(line) if one.headline else ""
    if len(said) == len(one.headline) or not said.startswith(one.headline):
        return ""
    seen = 0
    for place, letter in enumerate(line):
        if seen == len(one.headline):
            rest = line[place:].lstrip()
            return "" if rest[:1].islower() or rest[:1] in ",;" else rest
        seen += len(letters(letter))
    return ""


def _agree(one: str, other: str, least: int = _SHORTEST) -> bool:
    """Whether the shorter begins the longer, and has so many letters."""
    length = min(len(one), len(other))
    return length >= least and one[:length] == other[:length]
