"""What sites say around their stories, a file for each language: words by which their lines are told from a story's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class SiteWording:
    """One language's row, all but the labels as regular expressions.

    `reporting` are words by which a sentence reports something, `pointers` words that point to another story. `openers`
    are how a site begins to speak to its reader, `owned` how it begins to speak of what is its own, `matters` what it
    speaks of then; `readers` and `outlets` the words for whom it speaks to and for itself. `labels` are the words of
    its menus, `buttons` how a shop's buttons begin. `patterns` are the lines of a habit, by the rule they belong to.
    """

    language: str
    reporting: tuple[str, ...]
    pointers: tuple[str, ...]
    openers: tuple[str, ...]
    owned: tuple[str, ...]
    readers: tuple[str, ...]
    outlets: tuple[str, ...]
    matters: tuple[str, ...]
    labels: tuple[str, ...]
    buttons: tuple[str, ...]
    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def site_wordings() -> tuple[SiteWording, ...]:
    """Every language's row, by its code."""
    found = []
    for file in sorted(files(__name__).iterdir(), key=lambda each: each.name):
        language, _, kind = file.name.partition(".")
        if kind == "toml":
            row = tomllib.loads(file.read_text("utf-8"))
            patterns = {rule: tuple(each) for rule, each in row["patterns"].items()}
            words = {name: tuple(each) for name, each in row.items() if name != "patterns"}
            found.append(SiteWording(language, **words, patterns=patterns))
    return tuple(found)
