"""sample pages

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-22
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import Struct

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENTRY = Struct(">qI")
FULL = 96  # entries: three fourths of what a page bears
BATCH = 1_000
PAGES = sa.table("sample_pages", sa.column("month"), sa.column("first"), sa.column("entries", sa.LargeBinary()))
SAMPLES = sa.table("text_samples", sa.column("month"), sa.column("sample"), sa.column("article_id"))


def upgrade() -> None:
    op.create_table(
        "sample_pages",
        sa.Column("month", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("month", "first", name=op.f("pk_sample_pages")),
        postgresql_partition_by="LIST (month)",
    )
    _make_partitions("sample_pages", SAMPLES, " WITH (fillfactor = 80)")
    _insert(PAGES, _pack(_rows(SAMPLES.c.month, SAMPLES.c.sample, SAMPLES.c.article_id)))
    op.drop_table("text_samples")


def _rows(*columns: sa.ColumnClause[int]) -> Iterator[tuple[int, ...]]:
    """All rows in the columns' order, not all at once in memory."""
    rows = sa.select(*columns).order_by(*columns).execution_options(yield_per=10_000)
    yield from map(tuple, op.get_bind().execute(rows))


def _pack(rows: Iterable[tuple[int, ...]]) -> Iterator[dict[str, object]]:
    """Entries of one sample stay together, and a month's first page begins with the lowest sample there is."""
    page: tuple[int, int] | None = None
    held, last, packed = 0, 0, bytearray()
    for month, sample, article_id in rows:
        other_month = page is None or page[0] != month
        if other_month or (held >= FULL and sample != last):
            if page is not None:
                yield {"month": page[0], "first": page[1], "entries": bytes(packed)}
            page, held, packed = (month, -(2**63) if other_month else sample), 0, bytearray()
        packed += ENTRY.pack(sample, article_id)
        held, last = held + 1, sample
    if page is not None:
        yield {"month": page[0], "first": page[1], "entries": bytes(packed)}


def _insert(table: sa.TableClause, rows: Iterable[dict[str, object]]) -> None:
    batch: list[dict[str, object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            op.get_bind().execute(sa.insert(table), batch)
            batch = []
    if batch:
        op.get_bind().execute(sa.insert(table), batch)


def _make_partitions(name: str, former: sa.TableClause, options: str = "") -> None:
    """One for each month that has samples already; housekeeping makes those to come."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"CREATE TABLE {name}_others PARTITION OF {name} DEFAULT{options}")
    for month in op.get_bind().scalars(sa.select(former.c.month).distinct()).all():
        op.execute(f"CREATE TABLE {name}_{month} PARTITION OF {name} FOR VALUES IN ({month}){options}")


def downgrade() -> None:
    op.create_table(
        "text_samples",
        sa.Column("month", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sample", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("month", "sample", "article_id", name=op.f("pk_text_samples")),
        sqlite_with_rowid=False,
        postgresql_partition_by="LIST (month)",
    )
    _make_partitions("text_samples", PAGES)
    _insert(SAMPLES, _unpack())
    op.drop_table("sample_pages")


def _unpack() -> Iterator[dict[str, object]]:
    pages = sa.select(PAGES.c.month, PAGES.c.entries).execution_options(yield_per=100)
    for month, entries in op.get_bind().execute(pages):
        for sample, article_id in ENTRY.iter_unpack(entries):
            yield {"month": month, "sample": sample, "article_id": article_id}
