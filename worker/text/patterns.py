"""Regular expressions as trees: of the syntax of `re`, what tells which letters a match has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_QUANTIFIER = re.compile(r"(?:([*+?])|\{(\d*)(,?)(\d*)\})[?+]?")
_GROUP = re.compile(r"\((?:\?(?:P<\w+>|>|[a-zA-Z]*(?:-[a-zA-Z]+)?:))?")
_LOOK = re.compile(r"\(\?<?[=!]")
_REFERENCE = re.compile(r"\(\?P=\w+\)")
_CODE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))")
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}
_FEWEST = {"*": 0, "+": 1, "?": 0}


@dataclass(frozen=True, slots=True)
class Letters:
    """One of these characters: a letter, or a class that names single ones."""

    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """A character that is not named, or a reference: any text."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No character of a match: a boundary, or what is asked before or behind it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A group: one of these sequences."""

    branches: tuple[Sequence, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part `fewest` times or more; `once` says that it stands no more than once."""

    fewest: int
    once: bool
    part: Item


Item = Letters | Unsure | Nothing | Choice | Repeat
Sequence = tuple[Item, ...]


def parse_pattern(pattern: str) -> Choice:
    """The tree of a pattern that `re.compile` takes without `re.VERBOSE`."""
    reader = _Reader(pattern)
    tree = reader.choice()
    if reader.place < len(pattern):
        raise ValueError(f"{pattern!r} closes a bracket that it never opened: write \\) for one that is meant")
    return tree


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def choice(self) -> Choice:
        """The branches up to the bracket that closes them, or the end."""
        branches = [tuple(self._sequence())]
        while self._takes("|"):
            branches.append(tuple(self._sequence()))
        return Choice(tuple(branches))

    def _sequence(self) -> Iterator[Item]:
        while self.place < len(self.pattern) and self.pattern[self.place] not in "|)":
            item = self._item()
            found = _QUANTIFIER.match(self.pattern, self.place)
            if found is None or not (found[1] or found[2] or found[4]):  # "{" alone is a bracket
                yield item
                continue
            self.place = found.end()
            fewest = _FEWEST[found[1]] if found[1] else int(found[2] or 0)
            most = found[4] if found[3] else found[2]
            yield Repeat(fewest, found[1] == "?" or most == "1", item)

    def _item(self) -> Item:
        if self.pattern[self.place] == "(":
            return self._group()
        if self.pattern[self.place] == "[":
            return self._class()
        if self.pattern[self.place] == "\\":
            return self._escaped()
        character = self._next()
        if character in "^$":
            return Nothing()
        return Unsure() if character == "." else Letters((character,))

    def _group(self) -> Item:
        reference, look = _REFERENCE.match(self.pattern, self.place), _LOOK.match(self.pattern, self.place)
        opening = look or _GROUP.match(self.pattern, self.place)
        if reference is not None or opening is None:
            self.place = reference.end() if reference is not None else self.place + 1
            return Unsure()
        self.place = opening.end()
        inner = self.choice()
        self._takes(")")
        return Nothing() if look is not None else inner

    def _class(self) -> Item:
        self.place += 1
        is_sure = not self._takes("^")
        characters: list[str] = []
        while not characters or self.pattern[self.place] != "]":
            item = self._escaped() if self.pattern[self.place] == "\\" else Letters((self._next(),))
            is_sure = is_sure and isinstance(item, Letters)
            characters += item.characters if isinstance(item, Letters) else ("",)
            if self.pattern[self.place] == "-" and self.pattern[self.place + 1] != "]":
                is_sure = False  # a range
        self.place += 1
        return Letters(tuple(characters)) if is_sure else Unsure()

    def _escaped(self) -> Item:
        code = _CODE.match(self.pattern, self.place)
        if code is not None:
            self.place = code.end()
            return Letters((chr(int(code[1] or code[2], 16)),))
        self.place += 1
        character = self._next()
        if character in "AbBZ":
            return Nothing()
        if character in _CONTROL:
            return Letters((_CONTROL[character],))
        return Unsure() if character.isalnum() else Letters((character,))

    def _takes(self, character: str) -> bool:
        if self.pattern[self.place : self.place + 1] != character:
            return False
        self.place += 1
        return True

    def _next(self) -> str:
        self.place += 1
        return self.pattern[self.place - 1]
