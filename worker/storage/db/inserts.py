"""INSERT … ON CONFLICT DO NOTHING, alike on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session


def insert_missing(
    session: Session, table: type[DeclarativeBase], rows: Sequence[Mapping[str, Any]], *, by: Sequence[str]
) -> None:
    """Insert the rows that break no unique key; the others stand already and are left alone.

    They go in by the columns `by` of that key: two workers that insert the same rows in different orders
    would each wait for the other.
    """
    if not rows:
        return
    rows = sorted(rows, key=lambda row: tuple(row[name] for name in by))
    build = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(build(table).on_conflict_do_nothing(), list(rows))
