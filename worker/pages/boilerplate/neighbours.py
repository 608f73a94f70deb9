"""Teasers of a site's other articles: lines that say the headline of one, or begin as it does and are cut off.

What stands in related boxes and link lists changes from page to page and is marked up by every page maker in its own
way; that it tells of other articles of the site shows in any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from worker.pages.article import ExtractedArticle, PageKind, RemovedLine
from worker.pages.tree.blocks import letters

TEASER = "neighbour"
"""The rule of lines that tell of the site's other articles."""

_KEY = 24  # letters by which beginnings are looked up
_SHORTEST, _FEWEST_WORDS = 16, 3  # letters and words of a headline that is no label ("Opinion", "In pictures")
_LONGEST = 600  # characters; a longer line is no teaser
_MOST_LINES = 300
_CUT = re.compile(r"(?:…|\.\.\.)\W*$")
_NOTHING_LEFT = "its page tells of the site's other articles only"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another article of the site, as its feed tells it."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class _Told:
    """A neighbour by the letters of its headline and of its beginning."""

    headline: str
    beginning: str

    def begins(self, line: str) -> bool:
        return len(self.beginning) >= _KEY and _agree(self.beginning, line)


def beginning_key(text: str) -> int | None:
    """Return 63 bits for how a headline or a text begins, whatever its spacing and punctuation; None for a label."""
    start = letters(text[: _KEY * 8])[:_KEY]
    if len(start) < _SHORTEST or len(text.split(maxsplit=_FEWEST_WORDS)) < _FEWEST_WORDS:
        return None
    return int.from_bytes(blake2b(start.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def beginning_keys(text: str) -> frozenset[int]:
    """Return the keys of the text's lines, as `beginning_key` makes them; of a long text, of the first 300."""
    keys = (beginning_key(line) for line in text.split("\n\n", _MOST_LINES)[:_MOST_LINES])
    return frozenset(key for key in keys if key is not None)


def cut_neighbours(
    article: ExtractedArticle, own: Sequence[Neighbour], neighbours: Iterable[Neighbour]
) -> ExtractedArticle:
    """Return the article without the lines that tell of its neighbours; no article, where nothing else is left.

    `own` is how the article itself is told. Under its headline, or with its beginning, a neighbour is the same story
    once more, and its words are no teaser here.
    """
    told = _others(own, neighbours)
    kept: list[str] = []
    cut: list[RemovedLine] = []
    said = {letters(each.line) for each in article.removed} if told else set()
    before = {one for one in told if one.headline in said}
    lines = article.text.split("\n\n") if told else []
    glued = sum(_is_glued(line, told) for line in lines[:_MOST_LINES])
    for line in lines:
        found = _told_by(line, told, before, is_row=glued > 1) if len(line) <= _LONGEST else None
        if found is None:
            kept.append(line)
        else:
            before.add(found)
            cut.append(RemovedLine(line, TEASER))
    if not cut:
        return article
    left = replace(article, text="\n\n".join(kept), removed=(*article.removed, *cut))
    return left if kept else replace(left, kind=PageKind.NOT_AN_ARTICLE, reason=_NOTHING_LEFT)


def _others(own: Sequence[Neighbour], neighbours: Iterable[Neighbour]) -> list[_Told]:
    ours, theirs = list(map(_told, own)), list(map(_told, neighbours))
    return [one for one in theirs if not any(_is_same(one, our) for our in ours)]


def _told(neighbour: Neighbour) -> _Told:
    headline, beginning = (
        letters(text) if beginning_key(text) is not None else "" for text in (neighbour.title, neighbour.summary)
    )
    return _Told(headline, beginning)


def _is_same(one: _Told, other: _Told) -> bool:
    return _agree(one.headline, other.headline) or (len(other.beginning) >= _KEY and one.begins(other.beginning))


def _told_by(line: str, told: Sequence[_Told], before: set[_Told], *, is_row: bool) -> _Told | None:
    """The neighbour that the line tells of: by its headline, or by its beginning where that is cut off or stands under
    the headline. `is_row` says that several lines have a headline and what follows it in one."""
    said, is_cut = letters(line), _CUT.search(line) is not None
    for one in told:
        if (said and said == one.headline) or (is_cut and len(said) >= _KEY and one.headline.startswith(said)):
            return one
        if one.begins(said) and (is_cut or one in before):
            return one
        rest = _after_headline(line, said, one)
        if rest and (is_row or is_cut or one.begins(letters(rest))):
            return one
    return None


def _is_glued(line: str, told: Sequence[_Told]) -> bool:
    said = letters(line)
    return any(_after_headline(line, said, one) for one in told)


def _after_headline(line: str, said: str, one: _Told) -> str:
    """What the line says after the neighbour's headline, where that ends as one: "" where the sentence goes on."""
    if not one.headline or len(said) == len(one.headline) or not said.startswith(one.headline):
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
