"""Lines that stand beside a headline and say when the article was published, in words or figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from worker.pages.metadata.surroundings import beside_headline, called, line_of, names_of
from worker.pages.tree.blocks import letters
from worker.pages.tree.spacing import ends_sentence
from worker.pages.tree.tree import Element
from worker.text.written_dates import WrittenDate, find_dates

_PUBLISHED = re.compile(
    r"\b(?:publi(?:shed|cad[oa]|ée?|cación|cação|cato)|posted|first published|erstellt|veröffentlicht"
    r"|erschienen|pubblicato"
    r"|gepubliceerd|creado|criado|fecha|date|datum|data|le|am|on|el|em)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"updat|modif|actuali[sz]|atuali[sz]|mis à jour|maj\b|aktualisiert|aggiornat|bijgewerkt|geändert"
    r"|review|revis|current|stand\b",
    re.IGNORECASE,
)
_DATED_NAMES = re.compile(
    r"(?<![a-z])(?:fecha|fecha-\w+|data|data-\w+|datum|dat|time|timestamp|pub|published|publicado|posted"
    r"|entry-date|dateline"
    r"|date(?:-?(?:posted|published|line|time))?|(?:post|publish|pub|publication|article"
    r"|story)(?:ed)?-?(?:date|time|on))(?![a-z])"
)
_NOT_OURS = re.compile(r"event|widget|archive|calendar|today|clock|weather|countdown|comment|valid|expire")
_MOST_NAMED = 20  # elements anywhere that are called the date
_LONGEST = 160  # characters of a line that says when
_BESIDE = 60  # letters besides the dates: a byline, a place, a label
_BESIDE_SENTENCE = 25  # where the line ends as a sentence: "Published on Friday, 5 April 2024."


@dataclass(frozen=True, slots=True)
class _Line:
    rank: int
    date: WrittenDate


def published_lines(tree: Element, titles: Sequence[str], *, month_first: bool) -> list[WrittenDate]:
    """Dates beside the headline, the likeliest first: called the publication's, then bare ones, then changes.

    Where no headline is found, elements anywhere that a class calls the date, outside of neighbours' boxes.
    """
    body = tree.find("body")
    if body is None:
        return []
    lines = [line for element in beside_headline(body, titles) for line in _lines(element, month_first=month_first)]
    if not lines:
        named = (element for element in called(body, _DATED_NAMES) if not _CHANGED.search(names_of(element)))
        lines = [line for element in islice(named, _MOST_NAMED) for line in _lines(element, month_first=month_first)]
    return [line.date for line in sorted(lines, key=lambda line: line.rank)]


def _lines(element: Element, *, month_first: bool) -> Iterator[_Line]:
    """The dates an element's own line says, each ranked by what it is called."""
    text = line_of(element)
    stated = element.get("datetime") or ""
    if element.tag == "time" and stated:
        dates = list(find_dates(stated, month_first=month_first)) or list(find_dates(text, month_first=month_first))
        text = text[:_LONGEST]
    elif len(text) <= _LONGEST:
        dates = list(find_dates(text, month_first=month_first))
    else:
        return
    names = names_of(element)
    if not dates or _NOT_OURS.search(names) or _is_told(text, dates):
        return
    end = 0
    for date in dates:
        label = text[end : date.start] if not stated else text
        end = date.end
        yield _Line(min(_rank(label, names), 2 if not stated or _CHANGED.search(text + names) else 0), date)


def _rank(label: str, names: str) -> int:
    if _CHANGED.search(label) or _CHANGED.search(names):
        return 2
    return 0 if _PUBLISHED.search(label) or _DATED_NAMES.search(names) else 1


def _is_told(text: str, dates: Sequence[WrittenDate]) -> bool:
    """Whether the line is a sentence in which a date stands, not a line that says when."""
    beside = len(letters(text)) - sum(date.end - date.start for date in dates)
    return beside > (_BESIDE_SENTENCE if ends_sentence(text) else _BESIDE)
