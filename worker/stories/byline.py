"""Who wrote a report and when, where that stands before its text: "Ana Ruiz / Correspondent · 17/11/2026 14:59".

Two reports of one reporter on one day have it in common, in the rarest words of both, and nothing else.
"""

from __future__ import annotations

import re

_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'.-]+"
_PERSON = rf"{_NAME}(?: (?:(?:de|del|la|las|los|van|von|y|and) ){{0,2}}{_NAME}){{1,3}}"
_BY = r"(?:[Bb]y|BY|[Pp]or|POR|Words|Texto?):? "
_ROLE = (
    r"\s*[/|,·–—-]\s*(?i:corresponsal\w*|correspondent|enviad[oa]\w*(?: especial)?|reporter[oa]?s?|redacci[oó]n"
    r"|staff(?: writer| reporter)?)\b"
)
_TIME = r"\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?"
_WHEN = rf"(?:\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|\d{{4}}-\d\d-\d\d)(?:(?:,| -|\s)\s*{_TIME})?"
_BYLINE = re.compile(
    rf"\W*(?:(?:{_BY})?{_PERSON}(?:{_ROLE})?[\s/|,·–—-]+{_WHEN}|{_BY}{_PERSON}(?:{_ROLE})?(?=[ \t]*\n)"
    rf"|{_PERSON}{_ROLE}|(?P<alone>{_PERSON})(?=[ \t]*\n))"
)
_WIRED = re.compile(rf"(?<=[\w.,] )\({_NAME}(?: {_NAME}){{0,3}}\)(?=\W{{0,2}}[-–—])")  # of an agency, in a dateline
_DATELINE = 100  # characters
_DESK = re.compile(r"\W*\((?:Staff|Agencias?|Agencies|Redacci[oó]n|Wires?)\)\s*[-–—]*")


def strip_byline(text: str) -> str:
    """`text` without the name, role and date that it opens with, and the agency in its dateline.

    A name alone in its line goes if it comes no more.
    """
    found = _BYLINE.match(text) or _DESK.match(text)
    alone = found.groupdict().get("alone") if found else None
    if found and not (alone and alone.split()[-1] in text[found.end() :]):
        text = text[found.end() :]
    return _WIRED.sub("", text[:_DATELINE], count=1) + text[_DATELINE:]
