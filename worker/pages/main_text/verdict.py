"""Is this an article, a part of one, or something else that a server gave for it?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.pages.article import PageKind, RemovedLine
from worker.pages.metadata.metadata import PageMetadata
from worker.pages.tree.blocks import Block
from worker.pages.tree.tree import Element
from worker.pages.walls import NAMES, asks_more_than_it_tells, find_wall_left
from worker.text.characters import UNSPACED
from worker.text.literals import Screen, lower

_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[(?:…|\.\.\.)\])\W*$")
# What checks for robots load; a captcha alone guards comments too, and stands on pages that are no walls.
_LEADS_AWAY = re.compile(
    r"\s*\d\s*[;,]\s*url\s*=", re.IGNORECASE
)  # at once; news pages load themselves anew in minutes
_CHALLENGE = re.compile(
    r"challenges\.cloudflare\.com|/cdn-cgi/challenge|captcha-delivery\.com|perimeterx|px-c(?:aptcha|loud)|incapsula"
    r"|/_incapsula_resource|distil_r|datadome|awswaf|kasada|arkoselabs|funcaptcha",
    re.IGNORECASE,
)
_MAY_CHALLENGE = Screen([_CHALLENGE.pattern])
_LONGEST_ADDRESS = 300  # characters
_ENDING = 50  # characters
_DENSE = re.compile(f"[{UNSPACED}\uac00-\ud7af\u0e00-\u0e7f]")  # and Korean and Thai, of which two make a word too
_WORD = re.compile(r"\w+")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_PAIR = re.compile(r"..")
_STUB = 150  # words under which a wall, a consent layer or an error page is believed over its text
_FEW = 60  # words, under which a field for a password, or a maker's script, says what the page is
_SHORTEST = 25  # words under which nothing is an article by itself
_MOST_LINKED = 0.5


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What stands on a page besides text and tells what it is."""

    frames: bool
    inner_frames: bool
    asks_password: bool
    machinery: str = ""  # the kind of wall that scripts of a known maker put up; "" where there are none


def read_signs(tree: Element) -> PageSigns:
    """The signs of a page's tree."""
    found: defaultdict[str, list[Element]] = defaultdict(list)
    for element in tree.iter("frame", "iframe", "input", "meta", "script"):
        found[element.tag].append(element)
    return PageSigns(
        frames=bool(found["frame"]),
        inner_frames=bool(found["iframe"]),
        asks_password=any((field.get("type") or "").lower() == "password" for field in found["input"]),
        machinery=_read_machinery([*found["script"], *found["iframe"]], found["meta"]),
    )


def _read_machinery(loaded: Sequence[Element], metas: Sequence[Element]) -> str:
    sources = [source[:_LONGEST_ADDRESS] for each in loaded if (source := each.get("src"))]
    if _MAY_CHALLENGE.passes(lower("\n".join(sources))) and any(map(_CHALLENGE.search, sources)):
        return "robots"
    refreshes = (meta.get("content") or "" for meta in metas if _is_refresh(meta))
    return "redirect" if any(_LEADS_AWAY.match(stated[:_LONGEST_ADDRESS]) for stated in refreshes) else ""


def _is_refresh(meta: Element) -> bool:
    return (meta.get("http-equiv") or "").lower() == "refresh"


def judge(
    signs: PageSigns,
    text: str,
    blocks: Sequence[Block],
    chosen: Sequence[int],
    metadata: PageMetadata,
    removed: Sequence[RemovedLine],
) -> tuple[PageKind, str]:
    """(kind, reason): the reason in one line, empty for an article."""
    words = count_words(text)
    if not words:
        return PageKind.NOT_AN_ARTICLE, _why_empty(signs, blocks, metadata)
    wall = _wall(signs, text, metadata, (line.line for line in removed))
    if wall:
        return PageKind.NOT_AN_ARTICLE, wall
    if _is_index(text, words, blocks, chosen, metadata):
        return PageKind.NOT_AN_ARTICLE, "an index of other pages"
    if words < _STUB and (not metadata.linked.free or any(line.rule == "subscription-notice" for line in removed)):
        return PageKind.PARTIAL, f"a paywall lets only {words} words through"
    if words < _STUB and _CUT_OFF.search(text[-_ENDING:]):
        return PageKind.PARTIAL, f"cut off after {words} words"
    if words < _SHORTEST:
        stated = metadata.page_type == "article" or metadata.linked.headline or metadata.published
        if stated or any(place.tag == "article" for number in chosen for place in blocks[number].place.line()):
            return PageKind.PARTIAL, f"only {words} words of text"
        return PageKind.NOT_AN_ARTICLE, f"only {words} words of text"
    return PageKind.ARTICLE, ""


@lru_cache(maxsize=8)  # one text is asked about by several judges
def count_words(text: str) -> int:
    """Words; in scripts that do not space them, two characters for one."""
    words = len(_WORD.findall(text))
    return words if text.isascii() else max(words, len(_DENSE.findall(text)) // 2)


def long_words(text: str) -> frozenset[str]:
    """Words of four letters and more, by which two texts are of one story; without spaces, pairs of characters."""
    return frozenset(
        part
        for word in _LONG_WORD.findall(text.casefold())
        for part in (_PAIR.findall(word) if _UNSPACED.match(word) else (word,))
    )


def _why_empty(signs: PageSigns, blocks: Sequence[Block], metadata: PageMetadata) -> str:
    if signs.frames or (not blocks and signs.inner_frames):
        return "frames only: the text is in other pages"
    wall = _wall(signs, "\n".join(block.text for block in blocks[:50]), metadata, ())
    return wall or ("no article text on the page" if blocks else "the page has no text")


def _wall(signs: PageSigns, text: str, metadata: PageMetadata, removed: Iterable[str]) -> str:
    """What stands there in place of an article. A title that a page gives as an article's is a headline."""
    title = metadata.title or text.split("\n", 1)[0]
    wall = find_wall_left(text, removed, "" if metadata.page_type == "article" else title)
    if wall or count_words(text) >= _FEW:
        return wall
    if signs.machinery and asks_more_than_it_tells(text):
        return NAMES[signs.machinery]
    return "a login page" if signs.asks_password and asks_more_than_it_tells(text) else ""


def _is_index(text: str, words: int, blocks: Sequence[Block], chosen: Sequence[int], metadata: PageMetadata) -> bool:
    """Mostly links, or mostly teasers, on a page that states no article."""
    if metadata.page_type == "article" or metadata.linked.published:
        return False
    size = sum(len(blocks[n].key) for n in chosen) or 1
    linked = sum(len(blocks[n].key) * blocks[n].link_share for n in chosen) / size
    whole = sum(len(block.key) for block in blocks) or 1
    linked_page = sum(len(block.key) * block.link_share for block in blocks) / whole
    if linked > _MOST_LINKED:
        return True
    paragraphs = text.split("\n\n")
    teasers = sum(_CUT_OFF.search(line[-_ENDING:]) is not None for line in paragraphs)
    return (linked_page > _MOST_LINKED and words < _STUB and metadata.published is None) or (
        teasers >= 4 and teasers * 3 >= len(paragraphs)
    )
