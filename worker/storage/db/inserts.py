"""INSERT … ON CONFLICT DO NOTHING, alike on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session


def insert_missing(
    session: Session, table: type[DeclarativeBase], rows: Sequence[Mapping[str, Any]], *, by: Sequence[str]
) -> None:
    """Insert the rows that break no unique key; the others stand already and are left alone.

    All rows have the same columns, and what the session has pending is not written before. They go in by the columns
    `by` of that key: two workers that insert the same rows in different orders
    would each wait for the other.
    """
    if not rows:
        return
    rows = sorted(rows, key=lambda row: tuple(row[name] for name in by))
    session.connection().execute(_statement(session.get_bind().dialect.name, table), list(rows))


@cache
def _statement(dialect: str, table: type[DeclarativeBase]) -> Executable:
    build = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return build(table).on_conflict_do_nothing()
