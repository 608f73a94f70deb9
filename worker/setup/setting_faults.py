"""What is wrong with settings, told in our words: each fault with its place, what stands there and what may. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Place = tuple[int | str, ...]
"""Where a setting is: its table and name; in a list of tables, its number between them."""

_SYNTAX = re.compile(r"(?P<said>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL)
_TWICE = re.compile(r"Cannot declare \('(?P<name>.*)',\) twice")
_HEADER = re.compile(r"\s*\[(\[?)\s*([\w-]+)\s*\]?\]\s*(?:#.*)?")
_KEY = re.compile(r"""\s*["']?([\w-]+)["']?(?:\s*\.\s*["']?([\w-]+)["']?)?\s*=""")

_WORDS: Mapping[str, str] = {
    "greater_than": "must be more than {gt:.12g}",
    "greater_than_equal": "must be at least {ge:.12g}",
    "less_than": "must be less than {lt:.12g}",
    "less_than_equal": "must be at most {le:.12g}",
    "finite_number": "must be a finite number",
    "literal_error": "must be {expected}",
    "string_too_long": "must have at most {max_length} characters",
    "missing": "is missing, and has to be there",
}
_KINDS: Mapping[str, str] = {
    "int": "must be a whole number", "float": "must be a number", "bool": "must be true or false",
    "string": "must be a text in quotes", "path": "must be a path in quotes", "tuple": 'must be a list: ["a", "b"]',
    "model": "must be a table: write [{name}], and its settings below", "dict": "must be a table",
    "date": "must be a day such as 2027-01-07",
}  # fmt: skip
"""By the first word of a fault's type."""

_PATTERNS: Mapping[str, str] = {
    "base_url": "must be the address that readers reach you by, beginning with http:// or https://",
    "url": "must begin with http:// or https:// and have no spaces",
    "host": "must be a host such as example.org",
    "username": "must have no colon and no line end",
    "dkim_selector": "must be letters, digits, dots and hyphens",
}
"""By the setting's name, where a pattern says what is allowed."""


def tell_faults(
    error: ValidationError, source: str, *, variable: Callable[[Place], str | None], is_secret: Callable[[str], bool],
    names: Callable[[Place], Collection[str]] = lambda _: (),
) -> tuple[str, ...]:  # fmt: skip
    """Return a line for each fault, those of the file in its order.

    `source` is the file's text; `variable` gives the environment variable that a setting was taken from, `names` the
    settings that there are in a table.
    """
    told = [_located(each, source, variable, is_secret, names) for each in error.errors(include_url=False)]
    return tuple(dict.fromkeys(line for _, line in sorted(told, key=lambda each: each[0])))


def tell_syntax(error: Exception) -> str:
    """Return what TOML says of a file that is none, its place first, as where a setting is wrong."""
    found = _SYNTAX.fullmatch(str(error))
    if found is None:
        return f": {error}"
    twice = _TWICE.fullmatch(found["said"])
    said = f"[{twice['name']}] stands twice: put its settings together" if twice else found["said"]
    return f", line {found['line']}, column {found['column']}: {said}"


def in_our_words(details: ErrorDetails) -> str:
    """Return what pydantic says of a value as we say it."""
    kind, context = details["type"], details.get("ctx") or {}
    name = str(details["loc"][-1]) if details["loc"] else ""
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(name, f"must look like {context['pattern']}")
    if kind in _WORDS:
        return _WORDS[kind].format(**context)
    return _KINDS.get(kind.partition("_")[0], details["msg"]).format(name=name)


def line_of(source: str, place: Place) -> int | None:
    """Return the line, from 1, on which a setting stands, or the one of the list or table that it would be in."""
    best: int | None = None
    depth, counts, header = 0, dict[str, int](), Place()
    for number, line in enumerate(source.splitlines(), 1):
        if found := _HEADER.fullmatch(line):
            header = _entered(found, counts)
            written: Place = header
        elif key := _KEY.match(line):
            written = (*header, *(part for part in key.groups() if part))
        else:
            continue
        shared = len(written) if place[: len(written)] == written else 0
        if shared > depth:
            best, depth = number, shared
    return best


def written(value: object) -> str:
    """Return a value as Python writes it; it writes no integer of more than 4,300 digits, which TOML may have."""
    try:
        return repr(value)
    except ValueError:
        return "a number of thousands of digits"


def _located(
    details: ErrorDetails, source: str, variable: Callable[[Place], str | None], is_secret: Callable[[str], bool],
    names: Callable[[Place], Collection[str]],
) -> tuple[int, str]:  # fmt: skip
    """The line's number, 0 where there is none, and what is said."""
    place: Place = details["loc"]
    said = _said(details, ".".join(map(str, place)), is_secret)
    if details["type"] == "extra_forbidden":
        said = f"setting '{'.'.join(map(str, place))}' does not exist: {_hint(str(place[-1]), names(place[:-1]))}"
    if taken_from := variable(place):
        return 0, f"environment variable {taken_from}: {said}"
    number = line_of(source, place) if place else None
    return (number, f"line {number}: {said}") if number is not None else (0, said)


def _said(details: ErrorDetails, name: str, is_secret: Callable[[str], bool]) -> str:
    if not name:  # two settings do not go together, and the input would be all of them
        return in_our_words(details)
    if details["type"] == "missing":
        return f"setting '{name}' {in_our_words(details)}"
    value = "a secret value" if is_secret(name) else f"{written(details.get('input')):.120}"
    return f"setting '{name}' is {value}: {in_our_words(details)}"


def _hint(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"did you mean '{near[0]}'?" if near else "see 'storywatch init --print'"


def _entered(found: re.Match[str], counts: dict[str, int]) -> Place:
    """The place that a header opens; of a list of tables, which one it is."""
    if not found[1]:
        return (found[2],)
    counts[found[2]] = counts.get(found[2], -1) + 1
    return (found[2], counts[found[2]])
