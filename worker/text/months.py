"""Months by the names that texts and feeds give them."""

from __future__ import annotations

from worker.text.folding import fold
from worker.text.languages import ENGLISH, LANGUAGES

SHORT_MONTHS = tuple(name[:3] for name in ENGLISH.months)
"""January to December in English, in three letters: "Jan"."""

DATELINE_MONTHS = {
    fold(name): number for one in LANGUAGES if one.datelines for number, name in enumerate(one.months, 1)
}
"""Folded names of the months in the languages whose datelines are read, with the number of each."""

_SHORTEST, _LONGEST = 3, 5  # letters by which a month is told from others: "mar", "juil", "maerz"


def _beginnings() -> dict[str, int]:
    """The fewest letters, three or more, that tell each month from those before it; and its abbreviations."""
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for number, name in enumerate(map(fold, language.months), 1):
            for length in range(_SHORTEST, _LONGEST + 1):
                if found.setdefault(name[:length], number) == number:
                    break
        found.update(language.abbreviations)
    return found


_BY_BEGINNING = _beginnings()


def month_number(name: str) -> int | None:
    """Return 1-12 for a month's name or abbreviation in any language that has months in the table, else None."""
    folded = fold(name)
    lengths = range(_LONGEST, _SHORTEST - 1, -1)
    return next((_BY_BEGINNING[folded[:n]] for n in lengths if folded[:n] in _BY_BEGINNING), None)


_NAMES = {
    fold(name)[:length]: number
    for one in LANGUAGES
    for number, name in enumerate(one.months, 1)
    for length in range(_SHORTEST, len(fold(name)) + 1)
} | {short: number for one in LANGUAGES for short, number in one.abbreviations}


def named_month(name: str) -> int | None:
    """Return 1-12 for a month's whole name or its beginning of three letters or more, else None.

    Stricter than `month_number`, for words within a text: "market" is no month.
    """
    return _NAMES.get(fold(name))
