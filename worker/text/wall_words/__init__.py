"""What walls speak of, a file for each language: the words by which a wall is told from a story."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_PLAIN, _KINDS = ("reader", "asks", "reports", "others", "shared"), ("matters", "sure")


@dataclass(frozen=True, slots=True)
class WallWords:
    """One language's row, as regular expressions of whole words.

    `reader` are words by which a page speaks to its reader, `asks` what it begins with where it asks something of them,
    `reports` by which a sentence tells news, `others` of whom one tells that speaks to nobody. `shared` are matters of
    any wall, `matters` those of a kind of wall, and `sure` what only a wall of that kind says.
    """

    language: str
    reader: tuple[str, ...]
    asks: tuple[str, ...]
    reports: tuple[str, ...]
    others: tuple[str, ...]
    shared: tuple[str, ...]
    matters: Mapping[str, tuple[str, ...]]
    sure: Mapping[str, tuple[str, ...]]


@cache
def wall_words() -> tuple[WallWords, ...]:
    """Every language's row, by its code."""
    found = []
    for file in sorted(files(__name__).iterdir(), key=lambda each: each.name):
        language, _, kind = file.name.partition(".")
        if kind == "toml":
            row = tomllib.loads(file.read_text("utf-8"))
            plain: dict[str, Any] = {name: tuple(row[name]) for name in _PLAIN}
            by_kind: dict[str, Any] = {
                name: {each: tuple(words) for each, words in row[name].items()} for name in _KINDS
            }
            found.append(WallWords(language, **plain, **by_kind))
    return tuple(found)
