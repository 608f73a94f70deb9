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
from worker.pages.tree.blocks import letters

_KEY = 24  # letters by which beginnings are looked up
_SHORTEST, _FEWEST_WORDS = 16, 3  # letters and words of a headline that is no label ("Opinion", "In pictures")
_LONGEST = 600  # characters; a longer line is no teaser
_MOST_LINES = 300
_CUT = re.compile(r"(?:…|\.\.\.)\W*$")
# A place, an agency or a kicker before the first words: a page's teaser has them, or its article has, or both.
_BEFORE = re.compile(r".{1,70}?(?:\)\s*[.,:]?\s*[—–-]*|[.,:]?\s*[—–]+|\s-+|\.-+|:)\s+(?=\S)")
_BEFORES = 2
_FEWEST_EXCERPTS = 2  # cut-off lines on a page that tells of other articles, from which on they are taken for theirs


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another article of the site: its headline, and how its feed's text and its own begin."""

    title: str
    beginnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """A neighbour by the letters of its headline ("" for a label) and of its beginnings."""

    headline: str
    beginnings: tuple[str, ...]

    def begins(self, line: str) -> bool:
        return any(_agree(each, start) for start in _letters_of(line) for each in self.beginnings)

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
    ours = list(map(_told, own))
    told = [one for one in map(_told, neighbours) if not any(_is_same(one, our) for our in ours)]
    if not told:
        return frozenset()
    removed = {start for each in article.removed[:_MOST_LINES] for start in _letters_of(each.line)}
    before = {one for one in told if one.headline in removed}
    lines = _lines(article)
    is_row = sum(any(_after_headline(line, one) for one in told) for line in lines) > 1
    teasers: list[str] = []
    for line in lines:
        found = _told_by(line, told, before, is_row=is_row)
        if found is not None:
            before.add(found)
            teasers.append(line)
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


def _told(neighbour: Neighbour) -> _Told:
    headline = letters(neighbour.title) if _key(neighbour.title) is not None else ""
    starts = (start for text in neighbour.beginnings for start in _letters_of(text))
    return _Told(headline, tuple(start for start in starts if len(start) >= _KEY))


def _is_same(one: _Told, other: _Told) -> bool:
    same_beginning = any(_agree(each, theirs) for each in one.beginnings for theirs in other.beginnings)
    return same_beginning or one.headline == other.headline != "" or _agree(one.headline, other.headline)


def _told_by(line: str, told: Sequence[_Told], before: set[_Told], *, is_row: bool) -> _Told | None:
    """The neighbour that the line tells of: by its headline, or by its beginning where that is cut off or stands under
    the headline. `is_row` says that several lines have a headline and what follows it in one."""
    is_cut = _CUT.search(line) is not None
    said = letters(line)
    for one in told:
        if one.is_headline(line) or (is_cut and len(said) >= _KEY and one.headline.startswith(said)):
            return one
        if (is_cut or one in before) and one.begins(line):
            return one
        rest = _after_headline(line, one)
        if rest and (is_row or is_cut or one.begins(rest)):
            return one
    return None


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


def _agree(one: str, other: str) -> bool:
    """Whether the shorter begins the longer, and is no label."""
    length = min(len(one), len(other))
    return length >= _SHORTEST and one[:length] == other[:length]
