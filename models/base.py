"""The declarative base and the column types that keep both databases alike."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

# Names for every constraint, so that a migration can drop on one database what it made on another.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMES)


# SQLite gives out ids by itself only for a column declared INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

Hash = String(64)
"""A hex digest: what a unique index holds in the place of an unbounded string."""


def storable(text: str) -> str:
    """Return `text` without what PostgreSQL refuses: NUL, and surrogates that have lost their pair."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _storable_value(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_storable_value(key): _storable_value(item) for key, item in value.items()}
    return [_storable_value(item) for item in value] if isinstance(value, list | tuple) else value


class SafeText(TypeDecorator[str]):
    """Text of any length, freed of NUL and lone surrogates on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class JsonText(TypeDecorator[Any]):
    """A small JSON value, kept as text: it is read and written whole and never searched."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps(_storable_value(value), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class _SqliteText(DATETIME):
    """SQLite's DATETIME, whose text `UtcDateTime` writes and reads itself, in half the time that the dialect takes."""

    def bind_processor(self, dialect: Dialect) -> None:
        return None

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        return None


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. SQLite forgets zones, so it is stored there as UTC and given its zone back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _SqliteText() if dialect.name == "sqlite" else self.impl_instance  # type: ignore[no-untyped-call]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: moments are aware UTC inside Storywatch")
        value = value.astimezone(UTC)
        return value.isoformat(" ", "microseconds")[:-6] if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(f"{value}+00:00") if dialect.name == "sqlite" else value.astimezone(UTC)
