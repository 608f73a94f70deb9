"""A short quotation from an article's own text."""

from __future__ import annotations

import re

from worker.text.months import SHORT_MONTHS
from worker.text.written_dates import find_dates

_SENTENCE_END = re.compile(r"""[.!?…]["'”’»)\]]*(?=\s+["'“‘«(\[¿¡—-]*[A-ZÀ-ÖØ-Þ0-9])""")
_SHORT_MONTHS = "|".join(name for name in SHORT_MONTHS if name != "May")  # which is whole
# A full stop after these ends an abbreviation; a single letter before it is an initial ("U.S.", "J. Pérez").
_ABBREVIATION = re.compile(
    r"(?:\b[A-Za-z]|\b(?:Mr|Mrs|Ms|Dr|Dra|Sr|Sra|Srta|Lic|Ing|Gral|Col|Gen|Gov|Rep|Sen|Sgt|Lt|St|Jr|Prof|No|Núm|"
    rf"{_SHORT_MONTHS}|Sept|Ariz|Calif|Fla|EE|UU|vs|etc|Inc|Corp|Co|Ltd|Av))\.$"
)
_OPENING = 600  # characters in which a byline or a dateline can stand
_NAME = r"[A-ZÀ-ÖØ-Þ][\w.’'-]*"
_BYLINE = re.compile(
    rf"(?:(?:Story|Texto?|Words|Reporting|Reportaje|Fotos?|Photos?)\s+)?(?:[Bb]y|BY|[Pp]or|POR)\s*:?\s+{_NAME}"
    rf"(?:[\s,/|&•·]+(?:{_NAME}|and|y|e|de|del|la|los|von|van|for|para)){{0,11}}\.?"
)
_DESK = re.compile(
    r"(?:Redacci[oó]n|Staff(?: (?:report(?:er)?s?|writers?))?|De la redacci[oó]n|Associated Press|AP|EFE|AFP|Reuters|"
    r"Notimex|News ?desk|Newsroom|Corresponsal(?:es)?)(?:[\s,/|•·]+[\w.’'-]+){0,4}\.?",
    re.IGNORECASE,
)
# "Washington", "CIUDAD DE MÉXICO", "Tijuana, B.C., 3 de mayo": where and when it was written, and nothing said yet.
_WHERE = rf"{_NAME}(?:[ ,/]+(?:{_NAME}|de|del|la|los|el|las|of|the|\d{{1,2}} (?:de )?[a-z]{{3,10}}|\d{{1,4}}|a)){{0,8}}"
_PLACE = re.compile(rf"{_WHERE}\.(?:\s*[-–—]+)?\s+(?=\S+(?:\s+\S+){{4}})")  # a short sentence after it: it is one too
_PLACE_LINE = re.compile(rf"{_WHERE}[.,:]?(?:\s*[-–—]+)?")
_PLACE_WORDS = 8
_TOLD_WORD = re.compile(r"(?<![^\W_])[^\W\d_A-ZÁÉÍÓÚÑÜ][^\W\d_]{3,}")
_TELLING = 2  # such words in a dated line, beside "published" or "at", tell something
_STAMP_WORDS = 12  # of a line that ends without a full stop and holds a whole date
_SENTENCE_WORDS = 4  # fewer in a line of its own, which nothing ends, say nothing


def excerpt(text: str, *, sentences: int = 2, characters: int = 280) -> str:
    """The first `sentences` sentences of `text` on one line, at most `characters` long.

    What only says who wrote it, where and when is passed over, and where there is nothing else, so is all. Whole
    sentences where at least one fits; otherwise cut between words, with an ellipsis.
    """
    line = _body(text[: characters * 8 + 1000])  # enough for any spacing, bounded for any text
    kept = ""
    for end in _sentence_ends(line, sentences):
        if end > characters:
            break
        kept = line[:end]
    return kept or shorten(line, characters)


def beginning(text: str, characters: int = 90) -> str:
    """What a text without a title may be called: its first sentence, or as much of it as there is room for."""
    opening = text[: characters * 8 + 1000]
    line = _body(opening) or " ".join(opening.split())
    end = next(iter(_sentence_ends(line, 1)), 0)
    return shorten(line[: end or None], characters)


def shorten(line: str, characters: int) -> str:
    """`line`, cut to at most `characters` between two words (or in one that has no end), with an ellipsis."""
    if len(line) <= characters:
        return line
    if characters < 2:
        return line[:characters]
    head = line[: characters - 1]
    space = head.rfind(" ")
    # A cut that would lose more than half of the room falls inside an endless word: cut there instead.
    if not line[characters - 1].isspace() and space >= characters // 2:
        head = head[:space]
    return head.rstrip(" ,;:—–-") + "…"


def _body(text: str) -> str:
    """`text` on one line, without the byline and the dateline it opens with; "" where it is nothing else."""
    lines = [line for each in text.splitlines() if (line := " ".join(each.split()))]
    for number, line in enumerate(lines, start=1):
        if not _is_heading(line, is_last=number == len(lines)):
            return _without_place(" ".join(lines[number - 1 :]))
    return ""


def _is_heading(line: str, *, is_last: bool) -> bool:
    """Whether a line of its own says who wrote it, where or when, and not what."""
    if len(line) > _OPENING:
        return False
    if any(form.fullmatch(line) for form in (_BYLINE, _DESK)) or (". " not in line and _PLACE_LINE.fullmatch(line)):
        return True
    if is_last or line[-1] in '!?…"”»':
        return False
    words = len(line.split())
    return words < _SENTENCE_WORDS or (words <= _STAMP_WORDS and line[-1] != "." and _is_stamp(line))


def _is_stamp(line: str) -> bool:
    """Whether a line holds a date and next to nothing that is told: names of people and places begin with capitals."""
    found = next(find_dates(line), None)
    told = _TOLD_WORD.findall(line[: found.start] + " " + line[found.end :]) if found else ()
    return found is not None and len(told) < _TELLING


def _without_place(line: str) -> str:
    match = _PLACE.match(line[:_OPENING])
    if match is None or len(match[0].split()) > _PLACE_WORDS:
        return line
    place = match[0].rstrip(" -–—")
    # "U.S. Rep. Ruiz said" opens with an abbreviation, "Tijuana, B.C." ends in one.
    is_abbreviated = _ABBREVIATION.search(place) and "," not in place
    return line if is_abbreviated else line[match.end() :].lstrip(" -–—")


def _sentence_ends(line: str, wanted: int) -> list[int]:
    ends: list[int] = []
    for match in _SENTENCE_END.finditer(line):
        if len(ends) == wanted:
            return ends
        if not _ABBREVIATION.search(line[max(0, match.start() - 8) : match.start() + 1]):
            ends.append(match.end())
    return ends if len(ends) == wanted else [*ends, len(line)]
