"""Text that a publisher's system encoded twice: UTF-8 read as a one-byte charset, entities escaped again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from heapq import merge
from html.entities import html5
from typing import Any

_ESCAPED_TWICE = re.compile(r"&amp;(?=(#\d{2,6}|#x[0-9a-fA-F]{2,5}|[a-zA-Z]{2,8});)")
_KEPT = frozenset(("lt", "gt"))  # with these undone, text about markup would read as markup
# A lead byte of UTF-8 and what follows it, as Windows-1252 and Latin-1 show them.
_FOLLOWING = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
# Written so that it begins with one set of characters, which `re` skips to.
_LEADS = "ÂÃÄÅÐÑØÙâã"
_SUSPECT = re.compile(f"[{_LEADS}](?:(?<=[^âã])[{_FOLLOWING}]|(?<=[âã])[{_FOLLOWING}][{_FOLLOWING}])")
_DELIMITERS = '<>"'
_DELIMITER = re.compile(f"[{_DELIMITERS}]")
_LONGEST = 20_000  # characters of one piece of text


def undo_double_encoding(html: str) -> str:
    """A page's source with both undone where there is but one way to: piece by piece, between its tags and quotes.

    ftfy (Speer 2019, doi:10.5281/zenodo.2591652) tells what looks wrong as it stands and is valid UTF-8 once it is
    taken back; "SÃO" and "l’Âge" stay.
    """
    pieces, done = [], 0
    for start, end in _suspect_pieces(html):
        pieces += [html[done:start], _mended(html[start:end])]
        done = end
    return "".join([*pieces, html[done:]]) if pieces else html


def _suspect_pieces(html: str) -> Iterator[tuple[int, int]]:
    """Where the pieces begin and end that hold anything suspect, in order."""
    escaped = (match.start() for match in _ESCAPED_TWICE.finditer(html))
    led = not html.isascii() and any(lead in html for lead in _LEADS)
    suspect = (match.start() for match in _SUSPECT.finditer(html)) if led else ()
    done = 0
    for place in merge(escaped, suspect):
        if place < done:
            continue
        start = max(done, *(html.rfind(delimiter, done, place) + 1 for delimiter in _DELIMITERS))
        delimiter = _DELIMITER.search(html, place)
        done = delimiter.start() if delimiter else len(html)
        yield start, done


def _unescape(match: re.Match[str]) -> str:
    name = match[1]
    known = name.startswith("#") or (name not in _KEPT and f"{name};" in html5)
    return "&" if known else match[0]


def _mended(piece: str) -> str:
    # Addresses, and markup that is shown or kept for a script, stay as they are.
    if "&amp;" in piece and "&lt;" not in piece and "://" not in piece:
        piece = _ESCAPED_TWICE.sub(_unescape, piece)
    if len(piece) > _LONGEST or not _SUSPECT.search(piece):
        return piece
    import ftfy  # only pages that look wrong pay for it

    return str(ftfy.fix_encoding(piece, _config()))


@cache
def _config() -> Any:
    import ftfy

    return ftfy.TextFixerConfig(
        unescape_html=False, replace_lossy_sequences=False, fix_c1_controls=False, decode_inconsistent_utf8=True
    )
