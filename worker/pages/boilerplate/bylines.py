"""Lines that say nothing but who wrote an article, for whom, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.text.written_dates import find_dates

_LONGEST = 120  # characters
_CLOCK = re.compile(
    r"\bT?\d{1,2}[:.h]\d\d(?::\d\d(?:\.\d+)?)?(?:\s*[ap]\.?\s?m\b\.?)?(?:\s*(?:Z\b|[+-]\d\d:?\d\d|hrs?\b\.?|h\b|Uhr\b|[A-Z]{3,4}\b))?",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\W*(?:(?:words|text|texto|testo|texte|story|written|reported|photos?|fotos?)\s*(?:(?:by|por|von|par|di)\b|:)"
    r"|(?:by|por|von|par|di|autora?|author|auteur)\b)\s*:?\s*",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"[A-ZÀ-Ý][\w.’'-]*(?: (?:[A-ZÀ-Ý][\w.’'-]*|de|da|del|la|las|los|van|von|der|dos|y|and|e|et|und)){1,5}"
)
_GLUED = re.compile(r"(?<=[a-zà-ÿ]{2})(?=\d)")  # a name and a date in elements side by side
_APART = re.compile(r"[,;/•·–—:()\[\]-]\s*\||\|\s*[|,;/•·–—:()\[\]-]")
_BETWEEN = " \t,;|/•·–—:()[]-"


def is_byline(line: str, *, authors: Sequence[str] = (), outlet: str = "") -> bool:
    """Whether the line is a name with a date, an outlet or a word like "by" beside it, or a date alone.

    A name alone is none here: it may be whom the story is about.
    """
    if len(line) > _LONGEST or not line:
        return False
    rest = _GLUED.sub(" ", line)
    dates = list(find_dates(rest))
    for date in reversed(dates):
        rest = f"{rest[: date.start]} | {rest[date.end :]}"
    rest = _CLOCK.sub(" ", rest) if dates else rest
    before = rest
    for name in (*authors, outlet):
        rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "|", rest, flags=re.IGNORECASE) if name else rest
    is_beside = bool(dates) or rest != before
    is_apart = bool(dates) or _APART.search(rest) is not None
    by = _BY.match(rest)
    rest = (rest[by.end() :] if by else rest).strip(_BETWEEN)
    return is_beside and (not rest or (is_apart and _PERSON.fullmatch(rest) is not None))
