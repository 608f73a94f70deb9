"""A story made ready for one reader: what is new and in their language first, opinion last, each reason once."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from worker.digests.digest import DigestArticle, DigestStory
from worker.digests.reasons import distinct
from worker.text.languages import primary_subtag

# How outlets mark comment, as a folder of its address or before its headline, in English and Spanish.
_OPINION_FOLDER = re.compile(
    r"/(?:opini[oó]n(?:es)?|op-?ed|editorial(?:s|es)?|column(?:a|as|s|ists?|istas?)|commentary|comment(?:isfree)?|"
    r"letters(?:-to-the-editor)?|cartas(?:-al-director)?|articulistas|tribuna|viewpoints?|perspectives?|guest-columns?)/",
    re.IGNORECASE,
)
_OPINION_WORD = re.compile(
    r"(?:opini[oó]n|op-?ed|editorial|column|columna|commentary|letters? to the editor|"
    r"cartas? (?:al director|del lector)|guest (?:column|essay)|analysis and opinion)\s*(?:[:|—–-]|$)",
    re.IGNORECASE,
)


def brief(story: DigestStory, language: str, told: str = "") -> DigestStory:
    """`story` as a reader of `language` is to see it; `told` is the headline they last had it under, "" for none.

    A story they have had keeps that headline as long as one of its reports has it; where none does, it is told under
    another, and `told_as` says so. Behind the lead stand the new reports, then those in the reader's language, and
    opinion last.
    """
    articles = [replace(one, opinion=is_opinion(one.title, one.url)) for one in story.articles]
    told = told if story.news else ""
    lead = min(articles, key=lambda one: (one.new, one.opinion, one.title != told, _is_foreign(one, language)))
    others = sorted(
        (one for one in articles if one is not lead),
        key=lambda one: (one.opinion, not (one.new or one.updated), _is_foreign(one, language)),
    )
    return replace(
        story,
        articles=(lead, *others),
        matched=distinct(story.matched),
        told_as=told if told != lead.title else "",
    )


def is_opinion(title: str, url: str) -> bool:
    """Whether the outlet itself says that it comments: by a folder of the address, or a word before the headline."""
    try:
        path = urlsplit(url[:2000]).path
    except ValueError:
        path = ""
    return _OPINION_FOLDER.search(path) is not None or _OPINION_WORD.match(title.lstrip()) is not None


def _is_foreign(article: DigestArticle, language: str) -> bool:
    return primary_subtag(article.language) != language
