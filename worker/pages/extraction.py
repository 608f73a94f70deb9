"""A page's bytes → its article. One parse, one trafilatura run for most pages, and a reason for whatever is not one."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from worker.pages.article import CleanText, ExtractedArticle, PageKind, SiteProfile
from worker.pages.boilerplate.containers import boilerplate_blocks, picture_texts
from worker.pages.boilerplate.site_profile import drop_elements, drop_teasers, kept_blocks, learned_boxes
from worker.pages.boilerplate.stripping import clean_lines
from worker.pages.main_text.completion import Story
from worker.pages.main_text.main_text import FAULTS, choose_blocks, other_texts, told_besides
from worker.pages.main_text.opening import find_lead, find_standfirst
from worker.pages.main_text.root import mark_headline
from worker.pages.main_text.script_data import data_scripts, script_story, stated_words
from worker.pages.main_text.verdict import PageSigns, count_words, judge, read_signs
from worker.pages.metadata.language import detect_language
from worker.pages.metadata.metadata import PageMetadata, read_metadata
from worker.pages.tree.block_reader import read_blocks_and_gaps
from worker.pages.tree.blocks import Block, letters
from worker.pages.tree.decoding import decode_page
from worker.pages.tree.layout import read_layout
from worker.pages.tree.mending import mend
from worker.pages.tree.sniffing import foreign_format
from worker.pages.tree.tree import Element, drop_element, parse_page
from worker.pages.walls import find_wall

_MOST_BYTES = 5_000_000
# A larger page is mostly scripts and drawings; without them its text may fit.
_MOST_SEARCHED = 20_000_000
_BULK = re.compile(rb"<(script|style|svg)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_MOST_TAGS = 300_000  # a news page has 2,000 to 20,000; a million empty paragraphs take a gigabyte as a tree
_TAG = re.compile(rb"<")
_MARKUP = re.compile(rb"<[^<>]*>")
# What scripts hold is poor (rare, often without paragraphs); it counts where the page shows far less than it.
_BODY_RATIO = 0.4
_FEW_OF_STATED, _MANY_WORDS = 0.3, 200
_FEW_OF_SHOWN = 0.2
# A text of so few words is a brief, which is all that its page tells; or what was found on a page of many small boxes.
_SHORT, _FEW_OF_SHORT = 150, 0.75
_BELIEVED = 300  # characters; a page that shows more of a story must have it in the scripts' text too
_BEGINNING = 40  # letters
_MOST, _NEARLY_ALL = 0.5, 0.8  # of a text's three-word shingles, and of its characters
_LITTLE = 1_500  # characters; a page that shows more is not asked for what its scripts hold beside JSON-LD


@dataclass(frozen=True, slots=True)
class _Reading:
    """Text as cleaned, the blocks it was chosen from, and how many words the page states (0 where it states none)."""

    clean: CleanText
    blocks: list[Block]
    chosen: list[int]
    stated_words: int = 0


def extract_article(
    html: bytes,
    url: str | None,
    *,
    site: SiteProfile | None = None,
    content_type: str = "",
    now: datetime | None = None,
) -> ExtractedArticle:
    """What a page says, as plain values; never raises, whatever the bytes.

    At most 5 MB are read. `content_type` is the HTTP header; `now` bounds the page's dates. A page that is no
    article, or shows only part of one, says so in `kind` and, in one line, `reason`.
    """
    try:
        return _extract(html, url, site=site, content_type=content_type, now=now)
    except FAULTS as fault:
        return ExtractedArticle(PageKind.NOT_AN_ARTICLE, "", "", f"the page cannot be read: {type(fault).__name__}")


def _extract(
    html: bytes, url: str | None, *, site: SiteProfile | None, content_type: str, now: datetime | None
) -> ExtractedArticle:
    format_name = foreign_format(html, content_type)
    if format_name:
        return ExtractedArticle(PageKind.NOT_AN_ARTICLE, "", "", format_name)
    html, cut = bounded(html)
    tree, lost = parse_page(decode_page(html, content_type))
    if tree is None:
        return ExtractedArticle(PageKind.NOT_AN_ARTICLE, "", "", "the page is empty")
    mend(tree)
    metadata = read_metadata(tree, url, now)
    signs = read_signs(tree)
    reading = _read_text(tree, metadata, site)
    article = _describe(signs, reading, metadata)
    if article.kind is not PageKind.ARTICLE:
        return article
    if lost:
        return replace(article, kind=PageKind.PARTIAL, reason="nested too deeply: text past level 256 was lost")
    if cut and reading.chosen[-1:] == [len(reading.blocks) - 1]:
        return replace(article, kind=PageKind.PARTIAL, reason=cut)
    short = _why_short(reading)
    return replace(article, kind=PageKind.PARTIAL, reason=short) if short else article


def _why_short(reading: _Reading) -> str:
    """In a line why the text is less than the story, by what the page says of itself and what else stands on it."""
    words = count_words(reading.clean.text)
    if words < reading.stated_words * _FEW_OF_STATED and reading.stated_words >= _MANY_WORDS:
        return f"the page states {reading.stated_words} words and shows {words}"
    least = _FEW_OF_SHORT if words < _SHORT else _FEW_OF_SHOWN
    told = sum(len(reading.blocks[number].key) for number in reading.chosen)
    if told >= sum(len(block.key) for block in reading.blocks) * least:  # so it is of the paragraphs alone
        return ""
    others = other_texts(reading.blocks)
    share = Story(reading.blocks, set(reading.chosen), others=others).share() if reading.chosen else 1.0
    if share < least:
        return f"only {share:.0%} of the page's paragraphs could be told to be the story's"
    return ""


def bounded(html: bytes) -> tuple[bytes, str]:
    """The page within its bounds, and a line on what was cut off; "" where nothing was."""
    cut = ""
    if len(html) > _MOST_BYTES:
        html = _BULK.sub(b"", html[:_MOST_SEARCHED])
        if len(html) > _MOST_BYTES:
            html, cut = html[:_MOST_BYTES], "the page is larger than 5 MB and was cut there"
    if html.count(b"<") > _MOST_TAGS:
        end = next(islice(_TAG.finditer(html), _MOST_TAGS, None)).start()
        if _MARKUP.sub(b"", html[end:]).strip():
            cut = f"the page has more than {_MOST_TAGS:,} tags and was cut there"
        html = html[:end]
    return html, cut


def _read_text(tree: Element, metadata: PageMetadata, site: SiteProfile | None) -> _Reading:
    dropped = drop_elements(tree, site.drop) if site is not None else ()
    body = tree.find("body")
    body = tree if body is None else body
    dropped += drop_teasers(body, site.teasers) if site is not None else ()
    kept = kept_blocks(body, site.keep) if site is not None else []
    blocks, gaps = (kept, []) if kept else read_blocks_and_gaps(body)
    mark_headline(blocks, metadata.titles)
    pictures, scripts = picture_texts(tree), data_scripts(tree)
    for gap in gaps:  # half of the elements, which trafilatura would copy and search several times
        drop_element(gap)
    if kept:
        reading = _clean(blocks, range(len(blocks)), {}, metadata, site)
    else:
        reading = _read_chosen(blocks, choose_blocks(tree, blocks), pictures, metadata, site)
        if not reading.clean.text and (rest := told_besides(blocks, reading.chosen)):
            reading = _read_chosen(blocks, rest, pictures, metadata, site)
    reading = replace(reading, stated_words=stated_words(scripts))
    reading = replace(reading, clean=replace(reading.clean, removed=(*dropped, *reading.clean.removed)))
    return reading if kept else _prefer_script_story(reading, scripts, metadata, site)


def _read_chosen(
    blocks: list[Block],
    chosen: Collection[int],
    pictures: frozenset[str],
    metadata: PageMetadata,
    site: SiteProfile | None,
) -> _Reading:
    """What the chosen blocks say without what is boilerplate by its markup, with standfirst and lead."""
    condemned = boilerplate_blocks(blocks, chosen, pictures)
    deck, tells = find_standfirst(blocks, chosen, metadata.titles, metadata.description)
    if deck is not None and tells:
        chosen = {*chosen, deck}
        condemned.pop(deck, None)
    elif deck is not None:
        condemned.setdefault(deck, "deck")
    lead = find_lead(blocks, [number for number in chosen if number not in condemned])
    if lead is not None and lead not in condemned:
        chosen = {*chosen, lead}
    return _clean(blocks, chosen, condemned, metadata, site)


def _clean(
    blocks: list[Block],
    chosen: Collection[int],
    condemned: dict[int, str],
    metadata: PageMetadata,
    site: SiteProfile | None,
) -> _Reading:
    condemned = condemned | learned_boxes(blocks, chosen, site)
    order = sorted(chosen)
    clean = clean_lines(
        [blocks[number].text for number in order],
        titles=metadata.titles,
        site=site,
        verdicts={place: condemned[number] for place, number in enumerate(order) if number in condemned},
        authors=metadata.authors,
        outlet=metadata.site_name,
    )
    return _Reading(clean, blocks, order)


def _prefer_script_story(
    reading: _Reading, scripts: list[tuple[str, str]], metadata: PageMetadata, site: SiteProfile | None
) -> _Reading:
    """What the page holds for its scripts, where the page itself shows a wall, nothing, or little of that."""
    shown = len(reading.clean.text)
    if not scripts:
        return reading
    is_enough = shown >= _LITTLE and shown >= len(metadata.linked.body) * _BODY_RATIO
    is_other = _says_something_else(reading.clean.text, metadata.linked.body)
    if is_enough and not is_other:
        return reading
    linked_only = shown >= _LITTLE or metadata.locked
    lines = script_story(scripts, metadata.titles, linked_only=linked_only)
    if not lines:
        return reading
    told = clean_lines(lines, titles=metadata.titles, site=site)
    if find_wall(reading.clean.text):
        shown = 0
    is_more = len(told.text) * _BODY_RATIO > shown or _holds_all(told.text, reading.clean.text)
    if not (is_more or is_other) or find_wall(told.text):
        return reading
    if shown >= _BELIEVED and not _tells_again(told.text, reading.clean.text):
        return reading
    return _Reading(CleanText(told.text, (*reading.clean.removed, *told.removed)), [], [])


def _holds_all(told: str, shown: str) -> bool:
    """Whether a text says all that is shown, in the same words, and more."""
    whole, part = letters(told), letters(shown)
    return len(whole) > len(part) and part in whole


def _says_something_else(shown: str, declared: str) -> bool:
    """Whether most of what is shown stands not in the declared text, and most of that not in what is shown: so that
    neither is a part of the other. Then the page begins its story and goes on with others'."""
    if len(declared) < _BELIEVED or _stands_in(shown, declared):
        return False
    own, other = (
        set(zip(words, words[1:], words[2:], strict=False)) for text in (shown, declared) for words in [text.split()]
    )
    both = len(own & other)
    return both < _MOST * len(own) and both < _MOST * len(other)


def _stands_in(shown: str, declared: str) -> bool:
    """Whether nearly all paragraphs of what is shown stand in the declared text as they are."""
    return sum(len(line) for line in shown.split("\n\n") if line in declared) >= len(shown) * _NEARLY_ALL


def _tells_again(text: str, shown: str) -> bool:
    """Whether a paragraph of what is shown begins a part of the text: else it is another story's."""
    whole = letters(text)
    return any(
        len(key) >= _BEGINNING and key in whole for line in shown.split("\n") if (key := letters(line)[:_BEGINNING])
    )


def _describe(signs: PageSigns, reading: _Reading, metadata: PageMetadata) -> ExtractedArticle:
    text = reading.clean.text
    kind, reason = judge(signs, text, reading.blocks, reading.chosen, metadata, reading.clean.removed)
    told = detect_language(text) if count_words(text) >= 3 else None
    return ExtractedArticle(
        kind=kind,
        title=metadata.title,
        text=text,
        reason=reason,
        published=metadata.published,
        updated=metadata.updated,
        language=told or metadata.declared_language or None,
        authors=metadata.authors,
        canonical_url=metadata.canonical_url,
        image=metadata.image,
        section=metadata.section,
        site_name=metadata.site_name,
        removed=reading.clean.removed,
        layout=read_layout(reading.blocks, reading.chosen),
    )
