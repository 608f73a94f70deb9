"""A TOML table that is read key by key and complains of what is missing, ill-typed or left over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from worker.errors import TopicFileError

_LARGEST = 1e15


class TopicTable:
    """`name` is the table's own path in the file, empty for the file itself."""

    def __init__(self, name: str, values: dict[str, Any]) -> None:
        self._name = name
        self._values = values
        self._unread = dict.fromkeys(values)
        self._known: set[str] = set()

    def path(self, key: str) -> str:
        """`key` as a reader of the file would name it."""
        return f"{self._name}.{key}" if self._name else key

    def names(self) -> tuple[str, ...]:
        """All keys, in the order of the file."""
        return tuple(self._values)

    def text(self, key: str, default: str | None = None) -> str:
        """A string; without a default the key must be there."""
        value = self._take(key, default, "a string")
        if not isinstance(value, str):
            raise TopicFileError(f"{self.path(key)}: {value!r}; expected a string")
        return value

    def optional_text(self, key: str) -> str | None:
        """A string, or None where the key is missing."""
        return self.text(key) if key in self._values else None

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number; without a default the key must be there."""
        value = self._take(key, default, "a number")
        if isinstance(value, bool) or not isinstance(value, int | float) or not -_LARGEST < value < _LARGEST:
            raise TopicFileError(f"{self.path(key)}: {value!r}; expected a number")
        return float(value)

    def optional_date(self, key: str) -> date | None:
        """A day, or None where the key is missing."""
        if key not in self._values:
            return None
        value = self._take(key, None, "a day")
        if not isinstance(value, date) or isinstance(value, datetime):
            raise TopicFileError(f"{self.path(key)}: {value!r}; expected a day such as 2026-11-22")
        return value

    def flag(self, key: str) -> bool:
        """True or false; the key must be there."""
        value = self._take(key, None, "true or false")
        if not isinstance(value, bool):
            raise TopicFileError(f"{self.path(key)}: {value!r}; expected true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, at least one."""
        value = self._take(key, None, "a list of strings")
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise TopicFileError(f"{self.path(key)}: {value!r}; expected a list of strings, at least one")
        return tuple(value)

    def table(self, key: str) -> TopicTable:
        """The table of that name; an empty one where there is none."""
        value = self._take(key, {}, "a table")
        if not isinstance(value, dict):
            raise TopicFileError(f"{self.path(key)}: expected a table [{self.path(key)}]")
        return TopicTable(self.path(key), value)

    def tables(self, key: str) -> list[TopicTable]:
        """The tables of an array of tables, counted from 1 in messages."""
        value = self._take(key, [], "an array of tables")
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise TopicFileError(f"{self.path(key)}: expected tables headed [[{self.path(key)}]]")
        return [TopicTable(f"{self.path(key)}[{number}]", each) for number, each in enumerate(value, 1)]

    def done(self, known: tuple[str, ...] = ()) -> None:
        """Refuse what has not been read; `known` adds keys that could have been there."""
        for key in self._unread:
            known = tuple(sorted({*known, *self._known}))
            raise TopicFileError(f"{self.path(key)}: unknown key; known here: {', '.join(known)}")

    def _take(self, key: str, default: Any, expected: str) -> Any:
        self._known.add(key)
        self._unread.pop(key, None)
        value = self._values.get(key, default)
        if value is None:
            raise TopicFileError(f"{self.path(key)}: missing; expected {expected}")
        return value
