"""By which CSS selectors a page that lists articles is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_SELECTOR = 300
"""Characters of a selector: far more than any that a person writes."""


@dataclass(frozen=True, slots=True)
class ListingRules:
    """`link` selects the entries' links in the page; `title` and `date` are looked for in each entry's own box.

    Without `title` an entry is called what its link says, without `date` the first `<time>` of its box counts.
    """

    link: str
    title: str = ""
    date: str = ""


def wrong_selector(rules: ListingRules) -> str:
    """Return the first selector that is none, "" where all can be used."""
    stated = (rules.link, *(one for one in (rules.title, rules.date) if one))
    return next((one for one in stated if len(one) > MAX_SELECTOR or compile_selector(one) is None), "")


def compile_selector(selector: str) -> Any | None:
    """Return what finds the selector's elements in a tree; None for what is no selector."""
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector

    try:
        return CSSSelector(selector, translator="html")
    except (SelectorError, ValueError, SyntaxError):
        return None
