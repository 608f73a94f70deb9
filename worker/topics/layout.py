"""How an article is laid out: the dateline that it opens with, and whether it is a round-up of many items."""

from __future__ import annotations

import re

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
_TITLE = re.compile(
    r"\b(?:(?:morning|daily|evening|weekly|news)\s+(?:briefing|brief|digest|round-?up|wrap|update)|round-?up|newsletter"
    r"|(?:news|week|day|world|business|sports) in brief|in brief\b|the week in\b|week in review|\bwins\b.*:"
    r"|things to know|what to know today|here'?s what (?:you need|to know)|top (?:stories|headlines)|headlines\b"
    r"|resumen (?:de|del|semanal|informativo|matutino)"
    r"|(?:siete|cinco|diez|7|5|10) (?:d[ií]as|noticias|claves del d[ií]a)"
    r"|noticias (?:del d[ií]a|de hoy|m[aá]s importantes)|lo m[aá]s (?:le[ií]do|relevante|importante) (?:de|del)"
    r"|lo que (?:debes|necesitas|hay que) saber|bolet[ií]n|breves|en breve\b|titulares)",
    re.IGNORECASE,
)  # fmt: skip


def dateline_length(text: str) -> int:
    """Characters of `text` that are its dateline: 0 where it has none."""
    found = _DATELINE.match(text, 0, MAX_DATELINE)
    return found.end() if found else 0


def is_roundup(article: TopicArticle) -> bool:
    """Whether the article is a round-up: its title says so, or lists subjects over a text of items."""
    items = len(_ITEM.findall(article.text, 0, 40_000))
    if _TITLE.search(article.title[:300]):
        return True
    return article.title.count(";") >= 2 and items >= LEAST_ITEMS
