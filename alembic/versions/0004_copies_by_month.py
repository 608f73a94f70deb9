"""copies by month

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MONTH = {
    "sqlite": "CAST(strftime('%Y', a.discovered_at) AS INTEGER) * 12 + strftime('%m', a.discovered_at) - 1",
    "postgresql": "(extract(year FROM a.discovered_at AT TIME ZONE 'UTC') * 12 "
    "+ extract(month FROM a.discovered_at AT TIME ZONE 'UTC') - 1)::smallint",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.rename_table("text_samples", "unsorted_samples")
    if dialect == "postgresql":
        op.execute("ALTER TABLE unsorted_samples RENAME CONSTRAINT pk_text_samples TO pk_unsorted_samples")
    op.create_table(
        "text_samples",
        sa.Column("month", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sample", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("month", "sample", "article_id", name=op.f("pk_text_samples")),
        sqlite_with_rowid=False,
        postgresql_partition_by="LIST (month)",
    )
    if dialect == "postgresql":
        op.execute("CREATE TABLE text_samples_others PARTITION OF text_samples DEFAULT")
        _make_partitions()
    op.execute(
        f"INSERT INTO text_samples (month, sample, article_id) SELECT {MONTH[dialect]}, s.sample, s.article_id "  # noqa: S608 - a constant of this file
        "FROM unsorted_samples s JOIN articles a ON a.id = s.article_id"
    )
    op.drop_table("unsorted_samples")
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("copied_from", ID, nullable=True))
        batch_op.drop_index("ix_articles_text_hash")
        batch_op.create_index("ix_articles_text_hash_published_at", ["text_hash", "published_at"], unique=False)
    op.execute("UPDATE articles SET copied_from = duplicate_of")


def _make_partitions() -> None:
    """One for each month that has samples already; housekeeping makes those to come."""
    months = f"SELECT DISTINCT {MONTH['postgresql']} FROM unsorted_samples s JOIN articles a ON a.id = s.article_id"  # noqa: S608 - a constant of this file
    for month in op.get_bind().scalars(sa.text(months)).all():
        op.execute(f"CREATE TABLE text_samples_{month} PARTITION OF text_samples FOR VALUES IN ({month})")


def downgrade() -> None:
    with op.batch_alter_table("articles") as batch_op:
        batch_op.drop_index("ix_articles_text_hash_published_at")
        batch_op.create_index("ix_articles_text_hash", ["text_hash"], unique=False)
        batch_op.drop_column("copied_from")
    op.rename_table("text_samples", "sorted_samples")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE sorted_samples RENAME CONSTRAINT pk_text_samples TO pk_sorted_samples")
    op.create_table(
        "text_samples",
        sa.Column("sample", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_text_samples_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sample", "article_id", name=op.f("pk_text_samples")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO text_samples (sample, article_id) SELECT DISTINCT s.sample, s.article_id "
        "FROM sorted_samples s JOIN articles a ON a.id = s.article_id"
    )
    op.drop_table("sorted_samples")
    with op.batch_alter_table("text_samples", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_samples_article_id"), ["article_id"], unique=False)
