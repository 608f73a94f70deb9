"""HTML of feeds: titles to plain text, summaries and contents to articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from worker.pages.article import CleanText, ExtractedArticle, PageKind, PageLayout, RemovedLine, SiteProfile
from worker.pages.boilerplate.stripping import strip_boilerplate
from worker.pages.main_text.verdict import count_words
from worker.pages.metadata.language import detect_language
from worker.pages.tree.block_reader import read_blocks
from worker.pages.tree.blocks import Block
from worker.pages.tree.spacing import INVISIBLE, ends_sentence, fold_space
from worker.pages.tree.tree import parse_page
from worker.pages.urls import canonicalize_url
from worker.pages.walls import find_wall_left

_LONGEST = 1_000_000
_LONGEST_TITLE = 1_000
_WALL = "wall"  # the rule of lines that stand in place of a story
_TEMPLATE = "feed"  # what a feed carries is laid out like none of the site's pages
_SHORTEST_ARTICLE = 60  # words; a shorter feed body is a summary
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CUT = re.compile(
    r"(?:\[\s*(?:…|\.\.\.|&hellip;)\s*\]|…|\.\.\.|(?:continue reading|read (?:the )?(?:more|full "
    r"(?:story|article)|rest)|"
    r"(?:seguir|sigue|continuar|continúa) leyendo|leer más|leia mais|continue lendo|lire la suite|"
    r"weiterlesen|mehr lesen)\b.{0,120})\W*$",
    re.IGNORECASE,
)
_ENDING = 300  # characters
_LINKED, _LONGEST_HEADLINE = 0.6, 250  # share of a line's letters within links; characters
_TAG = re.compile(r"<(?:!--.*?(?:-->|$)|[/!?a-zA-Z][^<>]*(?:>|$))", re.DOTALL)


def extract_fragment(
    html: str, *, title: str, url: str | None = None, language: str | None = None, site: SiteProfile | None = None
) -> ExtractedArticle:
    """The article a feed carries itself. Block elements become paragraphs; boilerplate goes as on pages.

    PARTIAL where the text says that it is cut off or has under 60 words; NOT_AN_ARTICLE where nothing is left.
    `language` is the feed's word, taken where the text is too short to tell. Never raises.
    """
    title = plain_text(title)
    lines = _lines(html[:_LONGEST], is_post=not title)
    clean, wall = clean_plain_text("\n".join(lines), title=title or None, site=site)
    words = count_words(clean.text)
    cut = len(html) > _LONGEST or any(_CUT.search(line[-_ENDING:]) for line in lines[-3:])
    if not words:
        kind, reason = PageKind.NOT_AN_ARTICLE, f"the feed carries {wall or 'no text'}"
    elif cut:
        kind, reason = PageKind.PARTIAL, f"the feed's text is cut off after {words} words"
    elif words < _SHORTEST_ARTICLE:
        kind, reason = PageKind.PARTIAL, f"the feed carries only {words} words"
    else:
        kind, reason = PageKind.ARTICLE, ""
    told = detect_language(f"{title}. {clean.text}")
    return ExtractedArticle(
        kind=kind,
        title=title,
        text=clean.text,
        reason=reason,
        language=told or (language or "")[:2].lower() or None,
        canonical_url=canonicalize_url(url) if url else None,
        removed=clean.removed,
        layout=PageLayout(_TEMPLATE),
    )


def clean_plain_text(text: str, *, title: str | None = None, site: SiteProfile | None = None) -> tuple[CleanText, str]:
    """As `strip_boilerplate`, and what the text is in place of a story ("a consent page"; "" for a story).

    Whoever made a feed or an archive met a wall where it asked for the page: nothing of that is the article's text.
    """
    clean = strip_boilerplate(text, title=title, site=site)
    wall = find_wall_left(clean.text, (line.line for line in clean.removed))
    if not wall:
        return clean, ""
    left = (RemovedLine(line, _WALL) for line in clean.text.split("\n\n") if line)
    return CleanText("", (*clean.removed, *left)), wall


def plain_text(html: str) -> str:
    """A title as one line of plain text: tags dropped, entities decoded, spaces folded, invisible controls removed.

    At most 1000 characters. "a < b" stays; entities are decoded once more where a feed escaped them twice.
    """
    text = _FORBIDDEN.sub(" ", html[: _LONGEST_TITLE * 4])
    text = unescape(_TAG.sub("", text))
    if "<" in text or "&" in text:
        text = unescape(_TAG.sub("", text))
    return fold_space(_FORBIDDEN.sub(" ", INVISIBLE.sub("", text)))[:_LONGEST_TITLE].strip()


def _lines(html: str, *, is_post: bool) -> list[str]:
    """The fragment's blocks, by the reader pages go through; text without tags by its own lines. A post without a title
    may be a link and nothing else."""
    html = _FORBIDDEN.sub(" ", html)
    if not _TAG.search(html):
        return [fold_space(line) for line in unescape(html).split("\n")]
    tree, _ = parse_page(html)
    blocks = read_blocks(tree) if tree is not None else []
    return [] if not is_post and _points_elsewhere(blocks) else [block.text for block in blocks]


def _points_elsewhere(blocks: Sequence[Block]) -> bool:
    """Whether there is nothing but lines that are each a link with a name behind it, as alerts and lists of coverage
    have: headlines of others, or this one's again."""
    return len(blocks) > 0 and all(
        block.link_share >= _LINKED and not ends_sentence(block.text) and len(block.text) <= _LONGEST_HEADLINE
        for block in blocks
    )
