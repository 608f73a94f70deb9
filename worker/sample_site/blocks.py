"""What stands on an article's page, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.sample_site.article import SampleArticle

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """A piece of an article's page: a paragraph, or the boilerplate that stands between paragraphs."""

    kind: str
    text: str = ""
    href: str = ""


def article_blocks(article: SampleArticle) -> Iterator[SampleBlock]:
    """The paragraphs, and what outlets put between them: a label after the first, links after the second and
    each third one from there, the newsletter box after the fourth."""
    boilerplate = article.boilerplate
    if boilerplate.caption:
        yield SampleBlock("caption", boilerplate.caption)
    read_also = iter(links(boilerplate.read_also))
    for number, paragraph in enumerate(article.paragraphs, start=1):
        yield SampleBlock("paragraph", paragraph)
        if number == 1:
            yield SampleBlock("advert")
        if number % 3 == 2 and (link := next(read_also, None)):
            yield link
        if number == 4:
            yield SampleBlock("newsletter")


def links(texts: Sequence[str]) -> tuple[SampleBlock, ...]:
    """Links to pages of the outlet that do not exist, under paths made from their texts."""
    return tuple(SampleBlock("read_also", text, _slug(text)) for text in texts)


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def link_phrases(text: str) -> Markup:
    """Turns [a phrase] into a link to the outlet's page about it."""
    from markupsafe import Markup, escape

    parts = re.split(r"\[([^]]+)\]", text)
    return Markup("").join(
        Markup('<a href="/tag/{}">{}</a>').format(_slug(part), part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )
