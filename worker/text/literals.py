"""What a pattern's matches must contain: plain strings, by which most texts are told to match nothing.

`re` tries every alternative at every letter, 200 µs for a hundred alternatives and a sentence; to look for a hundred
strings takes a tenth of that (the idea of RE2's FilteredRE2).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Generic, TypeVar

from worker.text.patterns import Choice, Item, Letters, Nothing, Repeat, parse_pattern

BEGINNING = 3
"""Letters by which the beginnings of patterns are told apart."""
_SHORTEST = 2  # letters; single ones stand in every text
_LONG = 6  # letters that tell enough: of longer strings the fewest are taken, and of as many the longest
_RUN = 4  # characters
_STRIDE = 3
_MOST = 40  # strings that a row of letters may be
_NOTHING = frozenset(("",))
_LAST = "\xff"
_MICRO = "\xb5"  # which has a second form that `str.lower` leaves alone


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
    """Says which of many strings stand in a text, by runs of letters at every third place: a string of six letters and
    more has one of them, wherever it stands.

    To look for each of 784 strings in a sentence takes 60 µs, for its runs 10 µs.
    """

    def __init__(self, rows: Iterable[tuple[str, _Value]]) -> None:
        """`rows`: strings, and what stands for each; several may be of one string."""
        self._held: defaultdict[str, list[_Value]] = defaultdict(list)
        for literal, value in rows:
            self._held[literal].append(value)
        long = [literal for literal in self._held if len(literal) >= _RUN + _STRIDE - 1]
        self._short = [literal for literal in self._held if literal not in set(long)]
        common = Counter(run for literal in long for runs in _runs_by_place(literal) for run in runs)
        by_run: defaultdict[str, set[str]] = defaultdict(set)
        for literal in long:
            for runs in _runs_by_place(literal):
                by_run[min(runs, key=lambda run: (common[run], run))].add(literal)
        self._by_run = dict(by_run)

    def found(self, text: str, runs: frozenset[str]) -> Iterator[_Value]:
        """What stands for the strings in the text, given with its `letter_runs`."""
        likely = {literal for run in self._by_run.keys() & runs for literal in self._by_run[run]}
        return (value for literal in (*self._short, *likely) if literal in text for value in self._held[literal])


def _runs_by_place(literal: str) -> Iterator[list[str]]:
    """The runs of a string that a text's `letter_runs` may have, for each place the string may begin at."""
    for first in range(_STRIDE):
        yield [literal[start : start + _RUN] for start in range(first, len(literal) - _RUN + 1, _STRIDE)]


def letter_runs(text: str) -> frozenset[str]:
    """Runs of `_RUN` characters in a text, one at every `_STRIDE`th place."""
    return frozenset([text[start : start + _RUN] for start in range(0, len(text) - _RUN + 1, _STRIDE)])


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
    return _inner(parse_pattern(pattern))


@cache
def beginnings(pattern: str) -> frozenset[str]:
    """Strings of at most `BEGINNING` letters in lower case, with one of which every match begins; {""} for any."""
    return _beginnings((parse_pattern(pattern),))


def _beginnings(items: Sequence[Item]) -> frozenset[str]:
    found = _NOTHING
    for place, item in enumerate(items):
        if isinstance(item, Nothing):
            continue
        if isinstance(item, Repeat) and not item.fewest:
            rest = items[place + 1 :]
            return _joined(found, _beginnings((item.part, *rest)) | _beginnings(rest))
        strings = _strings(item)
        found = _joined(found, strings or _inner_beginnings(item))
        if not strings or all(len(each) >= BEGINNING for each in found):
            break
    return found


def _inner_beginnings(item: Item) -> frozenset[str]:
    if isinstance(item, Choice):
        return frozenset[str]().union(*map(_beginnings, item.branches))
    return _beginnings((item.part,)) if isinstance(item, Repeat) else _NOTHING


def _joined(starts: frozenset[str], ends: frozenset[str]) -> frozenset[str]:
    joined = {(start + end)[:BEGINNING] for start in starts for end in ends}
    return _NOTHING if "" in joined else frozenset(joined)


def _shortest(literals: frozenset[str]) -> tuple[str, ...]:
    """Without those that hold another one."""
    return tuple(sorted(one for one in literals if not any(other in one for other in literals if other != one)))


def _required(items: Sequence[Item]) -> frozenset[str] | None:
    """The best of what the items of a sequence require: each for itself, and those in a row that are plain letters."""
    found: list[frozenset[str]] = []
    run = _NOTHING
    for item in items:
        strings = _strings(item)
        if strings:
            longer = {start + end for start in run for end in strings} if len(run) * len(strings) <= _MOST else strings
            run = frozenset(longer)
            found.append(run)
            continue
        run = _NOTHING
        inner = _inner(item)
        found += [inner] if inner else []
    able = [each for each in found if min(map(len, each)) >= _SHORTEST]
    return max(able, key=_worth, default=None)


def _worth(literals: frozenset[str]) -> tuple[int, int, int]:
    shortest = min(map(len, literals))
    return min(_LONG, shortest), -len(literals), shortest


def _strings(item: Item) -> frozenset[str]:
    """All that an item can be, as strings; none where they are many, or not sure."""
    if isinstance(item, Letters):
        sure = all(map(_has_one_form, item.characters))
        return frozenset(map(str.lower, item.characters)) if sure else frozenset()
    if isinstance(item, Choice):
        rows = list(map(_row, item.branches))
        return frozenset[str]().union(*rows) if all(rows) and sum(map(len, rows)) <= _MOST else frozenset()
    if isinstance(item, Repeat) and item.once and not item.fewest and (part := _strings(item.part)):
        return part | _NOTHING
    return frozenset()


def _has_one_form(character: str) -> bool:
    """Whether `str.lower` gives what `re.IGNORECASE` compares."""
    return character.isascii() or (character <= _LAST and character != _MICRO)


def _row(items: Sequence[Item]) -> frozenset[str]:
    """All that a sequence can be."""
    whole = _NOTHING
    for item in items:
        strings = _strings(item)
        if not strings or len(whole) * len(strings) > _MOST:
            return frozenset()
        whole = frozenset(start + end for start in whole for end in strings)
    return whole


def _inner(item: Item) -> frozenset[str] | None:
    """What alternatives or a repetition require."""
    if isinstance(item, Choice):
        found = [each for each in map(_required, item.branches) if each is not None]
        return frozenset[str]().union(*found) if len(found) == len(item.branches) else None
    return _inner(item.part) if isinstance(item, Repeat) and item.fewest else None
