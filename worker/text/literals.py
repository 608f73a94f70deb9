"""What a pattern's matches must contain: plain strings, by which most texts are told to match nothing.

`re` tries every alternative at every letter, 200 µs for a hundred alternatives and a sentence; to look for a hundred
strings takes a tenth of that (the idea of RE2's FilteredRE2).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Generic, TypeVar

BEGINNING = 2
"""Letters by which the beginnings of patterns are told apart."""
_SHORTEST = 2  # letters; single ones stand in every text
_LONG = 6  # letters that tell enough: of longer strings the fewest are taken, and of as many the longest
_RUN = 4  # characters
_MOST = 40  # strings that a row of letters may be
_NOTHING = frozenset(("",))
_ASCII, _LAST = 0x80, 0xFF
_MICRO = 0xB5  # which has a second form that `str.lower` leaves alone
_parser: Any = import_module("re._parser")  # the module whose own trees `re.compile` makes its code of


_Value = TypeVar("_Value")


class Screen:
    """Says of a text, cheaply, that none of these patterns is found in it."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Patterns of the syntax of `re`, in whatever case: the screen looks at none."""
        found = [required_literals(pattern) for pattern in patterns]
        union = frozenset[str]().union(*(each for each in found if each is not None))
        self.literals: tuple[str, ...] | None = _shortest(union) if None not in found else None

    def passes(self, text: str) -> bool:
        """False where no pattern can match anywhere in the text, given as `lower` makes it; True promises nothing."""
        return self.literals is None or any(map(text.__contains__, self.literals))


class LiteralIndex(Generic[_Value]):
    """Says which of many strings stand in a text, by runs of letters of which each string has one.

    To look for each of 364 strings in a sentence takes 30 µs, for its runs of four letters 8 µs.
    """

    def __init__(self, rows: Iterable[tuple[str, _Value]]) -> None:
        """`rows`: strings, and what stands for each; several may be of one string."""
        held: defaultdict[str, list[_Value]] = defaultdict(list)
        for literal, value in rows:
            held[literal].append(value)
        common = Counter(gram for literal in held for gram in letter_runs(literal))
        self._by_run: defaultdict[str, list[tuple[str, list[_Value]]]] = defaultdict(list)
        self._short: list[tuple[str, list[_Value]]] = []
        for literal, values in held.items():
            runs = letter_runs(literal)
            row = self._by_run[min(runs, key=lambda run: (common[run], run))] if runs else self._short
            row.append((literal, values))

    def found(self, text: str, runs: frozenset[str]) -> Iterator[_Value]:
        """What stands for the strings in the text, given with its `letter_runs`."""
        rows = [row for run in self._by_run.keys() & runs for row in self._by_run[run]]
        return (value for literal, values in (*self._short, *rows) if literal in text for value in values)


def letter_runs(text: str) -> frozenset[str]:
    """All runs of `_RUN` characters in a text."""
    return frozenset([text[start : start + _RUN] for start in range(len(text) - _RUN + 1)])


def lower(text: str) -> str:
    """In lower case as `re.IGNORECASE` has it, in which İ and ı are an i, and ſ an s."""
    if text.isascii():
        return text.lower()
    return text.lower().replace("i\u0307", "i").replace("ı", "i").replace("ſ", "s")


@cache
def required_literals(pattern: str) -> frozenset[str] | None:
    """Strings in lower case, one of which stands in every text that the pattern is found in; None where it names none.

    Letters beyond Latin-1, and what is asked only before or behind the match, are not looked at.
    """
    return _required(_parser.parse(pattern, re.IGNORECASE))


@cache
def beginnings(pattern: str) -> frozenset[str]:
    """Strings of at most `BEGINNING` letters in lower case, with one of which every match begins; {""} for any."""
    return _beginnings(list(_parser.parse(pattern, re.IGNORECASE)))


def _beginnings(items: Sequence[tuple[Any, Any]]) -> frozenset[str]:
    found = _NOTHING
    for place, (operation, argument) in enumerate(items):
        name = str(operation)
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        if name in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] == 0:
            rest = list(items[place + 1 :])
            return _joined(found, _beginnings([*argument[2], *rest]) | _beginnings(rest))
        able = _strings(name, argument) or _inner_beginnings(name, argument)
        found = _joined(found, able)
        if not _strings(name, argument) or all(len(each) >= BEGINNING for each in found):
            break
    return found


def _inner_beginnings(operation: str, argument: Any) -> frozenset[str]:
    if operation == "SUBPATTERN":
        return _beginnings(list(argument[3]))
    if operation == "BRANCH":
        return frozenset[str]().union(*(_beginnings(list(branch)) for branch in argument[1]))
    return _beginnings(list(argument[2])) if operation in ("MAX_REPEAT", "MIN_REPEAT") else _NOTHING


def _joined(starts: frozenset[str], ends: frozenset[str]) -> frozenset[str]:
    joined = {(start + end)[:BEGINNING] for start in starts for end in ends}
    return _NOTHING if "" in joined else frozenset(joined)


def _shortest(literals: frozenset[str]) -> tuple[str, ...]:
    """Without those that hold another one."""
    return tuple(sorted(one for one in literals if not any(other in one for other in literals if other != one)))


def _required(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """The best of what the items of a sequence require: each for itself, and those in a row that are plain letters."""
    found: list[frozenset[str]] = []
    run = _NOTHING
    for operation, argument in items:
        strings = _strings(str(operation), argument)
        if strings:
            longer = {start + end for start in run for end in strings} if len(run) * len(strings) <= _MOST else strings
            run = frozenset(longer)
            found.append(run)
            continue
        run = _NOTHING
        inner = _inner(str(operation), argument)
        found += [inner] if inner else []
    able = [each for each in found if min(map(len, each)) >= _SHORTEST]
    return max(able, key=_worth, default=None)


def _worth(literals: frozenset[str]) -> tuple[int, int, int]:
    shortest = min(map(len, literals))
    return min(_LONG, shortest), -len(literals), shortest


def _strings(operation: str, argument: Any) -> frozenset[str]:
    """All that an item can be, as strings; none where they are many, or not sure."""
    if operation == "LITERAL":
        sure = argument < _ASCII or (argument <= _LAST and argument != _MICRO)
        return frozenset((chr(argument).lower(),)) if sure else frozenset()
    if operation == "IN":
        parts = [_strings(str(each), code) for each, code in argument if str(each) == "LITERAL"]
        return frozenset[str]().union(*parts) if all(parts) and len(parts) == len(argument) else frozenset()
    if operation == "SUBPATTERN":
        return _row(argument[3])
    if operation == "BRANCH":
        rows = [_row(branch) for branch in argument[1]]
        return frozenset[str]().union(*rows) if all(rows) and sum(map(len, rows)) <= _MOST else frozenset()
    if operation == "MAX_REPEAT" and argument[:2] == (0, 1) and (once := _row(argument[2])):
        return once | _NOTHING
    return frozenset()


def _row(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """All that a sequence can be."""
    whole = _NOTHING
    for operation, argument in items:
        strings = _strings(str(operation), argument)
        if not strings or len(whole) * len(strings) > _MOST:
            return frozenset()
        whole = frozenset(start + end for start in whole for end in strings)
    return whole


def _inner(operation: str, argument: Any) -> frozenset[str] | None:
    """What a group, alternatives or a repetition require."""
    if operation == "SUBPATTERN":
        return _required(argument[3])
    if operation == "BRANCH":
        return _any_of([_required(branch) for branch in argument[1]])
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and argument[0] > 0:
        return _required(argument[2])
    return _required(argument) if operation == "ATOMIC_GROUP" else None


def _any_of(branches: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    found = [each for each in branches if each is not None]
    return frozenset[str]().union(*found) if len(found) == len(branches) else None
