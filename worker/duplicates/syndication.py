"""Where a text comes from: the wire agency that its byline, dateline or closing line credits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.text.agencies import AGENCIES

_OPENING = 400  # characters: byline and dateline stand there
_CLOSING = 400  # characters: "Con información de EFE" stands there

_SIGNS = {sign: agency.name for agency in AGENCIES for sign in agency.signs}

_NAME = rf"(?i:{'|'.join(name for agency in AGENCIES for name in agency.names)})"
_AGENCY = rf"(?P<agency>\b(?:{_NAME}|{'|'.join(_SIGNS)})\b)"
_INFORMATION = "(?:con informaci[oó]n de|with information from)"
_CREDIT = rf"(?i:\b(?:by|from|por|v[ií]a|source:|fuente:|{_INFORMATION})\s+)"
_ARTICLE = r"(?i:the |la )?"

# "Associated Press", "Efe", "Jane Doe, AP", "Reuters Staff"
_AUTHOR = re.compile(rf"(?:^\W*{_ARTICLE}|[(/|,–—-]\s*{_ARTICLE}|{_CREDIT}{_ARTICLE}){_AGENCY}|(?P<name>\b{_NAME}\b)")
_OPENING_CREDITS = (
    # "EL PASO, Texas (AP) —", "MÉXICO, 3 mar (EFE).-", "LONDON, May 3 (Reuters) -"
    re.compile(rf"\(\s*{_AGENCY}[^()\n]{{0,30}}\)\s*(?:[-–—.:]|$)", re.MULTILINE),
    # "AFP –", "EFE.- ", and a line that holds nothing else: "By The Associated Press"
    re.compile(rf"^\W{{0,3}}{_AGENCY}\s*(?:[-–—|/]|\.\s?[-–—])", re.MULTILINE),
    re.compile(rf"^\W{{0,3}}{_CREDIT}?{_ARTICLE}{_AGENCY}\W*$", re.MULTILINE),
)
_CLOSING_CREDITS = (
    re.compile(rf"{_AGENCY}[^.\n]{{0,60}}contributed to th"),
    re.compile(rf"(?:{_CREDIT}|(?:©|\([cC]\))[\d\s]*){_ARTICLE}{_AGENCY}\W*$", re.MULTILINE),
    re.compile(rf"^\W{{0,3}}{_AGENCY}\W*$|\({_AGENCY.replace('agency', 'last')}\)\W*$", re.MULTILINE),
)


def find_agency(text: str, authors: Sequence[str]) -> str | None:
    """Name of the wire agency credited for an article, or None.

    Looked for in the authors, in the dateline and byline at the beginning, and in a closing credit.
    A text that merely quotes an agency ("told Reuters") is not credited to it.
    """
    for author in authors:
        name = author[:200].strip()
        if found := _AUTHOR.search(name.upper() if len(name) <= 5 else name):
            return _agency_of(found)
    opening, closing = text[:_OPENING].rstrip(), text[-_CLOSING:].rstrip()
    places = [(opening, _OPENING_CREDITS), (closing, _CLOSING_CREDITS)]
    matches = (pattern.search(part) for part, patterns in places for pattern in patterns)
    return next((_agency_of(match) for match in matches if match), None)


def _agency_of(match: re.Match[str]) -> str:
    written = next(name for name in match.groupdict().values() if name)
    if written in _SIGNS:
        return _SIGNS[written]
    return next(one.name for one in AGENCIES if re.fullmatch("|".join(one.names), written, re.IGNORECASE))
