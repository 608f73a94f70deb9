"""The invented articles, as their files state them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any


class Relevance(StrEnum):
    """What an article is to the built-in topic, US–Mexico migration."""

    YES = "yes"
    NEAR_MISS = "near_miss"  # shares its words, is about something else
    NO = "no"


class SampleAnswer(StrEnum):
    """What the outlet's server gives for the article's URL."""

    PAGE = "page"
    LOGIN = "login"  # 200 with a login wall
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    PDF = "pdf"


class CopyKind(StrEnum):
    """How a copy differs from its original."""

    EXACT = "exact"
    REPRINT = "reprint"  # light edits by another outlet
    CORRECTED = "corrected"  # the same outlet's later version, with a changed figure


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What stands on the page besides the article, and differs from page to page."""

    caption: str = ""
    teaser: str = ""
    read_also: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every line of it."""
        lines = (self.caption, self.teaser, *self.read_also, *self.related, *self.comments)
        return tuple(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """One invented article.

    `minutes` is its age when the site is built. In `paragraphs`, [brackets] mark a linked phrase; `text`
    is free of them. `tracking` is a query string under which the outlet's feed lists it once more.
    """

    id: str
    outlet: str
    slug: str
    minutes: int
    title: str
    byline: str
    section: str
    summary: str
    paragraphs: tuple[str, ...]
    relevance: Relevance
    answer: SampleAnswer = SampleAnswer.PAGE
    story: str = ""
    wire: str = ""
    copy_of: str = ""
    copy_kind: CopyKind | None = None
    tracking: str = ""
    feed_error: bool = False
    boilerplate: Boilerplate = Boilerplate()

    @property
    def text(self) -> str:
        """What a perfect extraction would give: the paragraphs, a blank line between two."""
        return re.sub(r"[][]", "", "\n\n".join(self.paragraphs))


def load_articles() -> tuple[SampleArticle, ...]:
    """All articles, oldest first. A copy gets the text of its original with its own edits."""
    folder = resources.files(__package__) / "articles"
    tables = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    articles = (_article(key, table, tables) for key, table in tables.items())
    return tuple(sorted(articles, key=lambda article: (-article.minutes, article.id)))


def _article(key: str, table: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> SampleArticle:
    copy_of = table.get("copy_of", "")
    needed = ("outlet", "slug", "minutes", "title", "byline", "section", "summary")
    optional = ("story", "wire", "copy_of", "tracking", "feed_error")
    return SampleArticle(
        id=key,
        paragraphs=_edited(tables[copy_of], table) if copy_of else _paragraphs(table["text"]),
        relevance=Relevance(table["topic"]),
        answer=SampleAnswer(table.get("answer", SampleAnswer.PAGE)),
        copy_kind=CopyKind(table["copy_kind"]) if copy_of else None,
        boilerplate=_boilerplate(table.get("boilerplate", {})),
        **{name: table[name] for name in needed},
        **{name: table[name] for name in optional if name in table},
    )


def _boilerplate(table: Mapping[str, Any]) -> Boilerplate:
    return Boilerplate(
        caption=table.get("caption", ""),
        teaser=table.get("teaser", ""),
        read_also=tuple(table.get("read_also", ())),
        related=tuple(table.get("related", ())),
        comments=tuple(table.get("comments", ())),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _edited(original: Mapping[str, Any], copy: Mapping[str, Any]) -> tuple[str, ...]:
    """The original's paragraphs without the dropped ones (counted from 1), with the replacements made."""
    kept = [
        paragraph
        for number, paragraph in enumerate(_paragraphs(original["text"]), start=1)
        if number not in copy.get("drop", ())
    ]
    body = "\n\n".join(kept)
    for old, new in copy.get("replace", ()):
        if old not in body:
            raise ValueError(f"{copy['slug']}: there is no {old!r} to replace")
        body = body.replace(old, new)
    return _paragraphs(f"{copy['prepend']}\n\n{body}" if "prepend" in copy else body)
