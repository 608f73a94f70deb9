"""Settings switched on in the text of a configuration file whose lines are commented out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Value = str | int | float | bool | Sequence[str]
Values = Mapping[str, Value]

_ESCAPES = {'"': '\\"', "\\": "\\\\"}
_MUST_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f]')
_HEADER = re.compile(r"(?:# )?(\[\[?\w+\]\]?)\s*")
_SETTING = re.compile(r"(?:# )?(\w+) = ")


def toml_value(value: Value) -> str:
    """Return a value as TOML 1.0 has it; a text must not hold lone surrogates."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return f'"{_MUST_ESCAPE.sub(_escaped, value)}"'
    return f"[{', '.join(map(toml_value, value))}]"


def switch_on(text: str, tables: Mapping[str, Values]) -> str:
    """Return the text with these settings of its tables switched on; "" is the table at its top.

    Raises `KeyError` for a setting that has no line there.
    """
    wanted = {
        (f"[{table}]" if table else "", name): value
        for table, values in tables.items()
        for name, value in values.items()
    }
    lines, header = [], ""
    for line in text.splitlines(keepends=True):
        if found := _HEADER.fullmatch(line):
            header = found[1]
        setting = _SETTING.match(line)
        if setting and (header, setting[1]) in wanted:
            lines.append(f"{setting[1]} = {toml_value(wanted.pop((header, setting[1])))}\n")
        else:
            lines.append(line)
    if wanted:
        raise KeyError(next(iter(wanted)))
    return "".join(lines)


def add_block(text: str, name: str, values: Values) -> str:
    """Return the text with a block `[[name]]`, which stands below the one that is commented out."""
    block = f"[[{name}]]\n" + "".join(f"{key} = {toml_value(value)}\n" for key, value in values.items())
    head, mark, rest = text.partition(f"# [[{name}]]\n")
    example, end, tail = rest.partition("\n\n")
    return f"{head}{mark}{example.rstrip()}\n\n{block}" + (f"\n{tail}" if end else "")


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}"
