"""How an article is laid out: the dateline that it opens with, and whether it is a round-up of many items."""

from __future__ import annotations

import re

from worker.text.round_ups import names_round_up
from worker.topics.article import TopicArticle

MAX_DATELINE = 60
"""Characters: `SAN LUIS RÍO COLORADO, Sonora, México (Agencia) –` has 50."""

_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][^\W\d_]*\.?"
_PLACE = rf"{_CAPITAL}(?:[ ,]+(?:(?:de|del|la|las|los|el|y|of)\b|{_CAPITAL}|\([^()]{{1,20}}\)))*"
_DATELINE = re.compile(rf"\s*{_PLACE}(?:\s*[–—]|\.?\s*--|\s+-\s|\.\s?-|\.(?=\s+[^\W\d_a-z]))")
"""A place name up to a dash, or to a full stop that ends a sentence of names alone: `México, DF. El secretario …`."""

LEAST_ITEMS = 4
"""Items below which a list is part of a report and makes no round-up."""

_ITEM = re.compile(r"^\s*(?:[•*▪◦■►–—-]|\d{1,2}[.)])\s+\S", re.MULTILINE)


def dateline_length(text: str) -> int:
    """Characters of `text` that are its dateline: 0 where it has none."""
    found = _DATELINE.match(text, 0, MAX_DATELINE)
    return found.end() if found else 0


def is_roundup(article: TopicArticle) -> bool:
    """Whether the article is a round-up: its title says so, or lists subjects over a text of items."""
    items = len(_ITEM.findall(article.text, 0, 40_000))
    if names_round_up(article.title):
        return True
    return article.title.count(";") >= 2 and items >= LEAST_ITEMS
