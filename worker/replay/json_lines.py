"""Files of one JSON object a line: read with the line named that is wrong, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from worker.errors import ConfigurationError


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each object with its line number; empty lines are left out. Raises `ConfigurationError`."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _object(line, f"{path} line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def take_text(row: Mapping[str, Any], key: str, where: str, *, default: str | None = None) -> str:
    """Return the row's text under that key; `default` stands in for null or nothing, where there is one."""
    value = row.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise ConfigurationError(f"{where}: {key!r} is {value!r:.60}, expected text")
    return value


def write_json_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write the rows and return how many; until the last one is there, `path` is not touched."""
    unfinished = path.with_name(path.name + ".part")
    count = 0
    try:
        # A lone surrogate, which UTF-8 cannot hold, is written as the escape that JSON has for it.
        with unfinished.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ConfigurationError(f"{where}: no JSON ({error.msg}, column {error.colno})") from error
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where}: expected an object, found {type(value).__name__}")
    return value
