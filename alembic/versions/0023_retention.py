"""what is deleted for its age leaves its key, and the size of each day

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# What refers to a row that is deleted is looked for by these; without them each row deleted costs a table.
REFERRING = (("passed_over", "article_id"), ("site_lines", "article_id"))
REFERRING_RARELY = (("stories", "merged_into"), ("story_events", "other_story_id"))


def upgrade() -> None:
    op.create_table(
        "gone_articles",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_gone_articles")),
    )
    op.create_table(
        "database_sizes",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_database_sizes")),
    )
    op.add_column("articles", sa.Column("text_gone_at", sa.DateTime(timezone=True), nullable=True))
    for table, column in REFERRING:
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table, column in REFERRING_RARELY:
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    for table, column in (*REFERRING_RARELY, *REFERRING):
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    op.drop_column("articles", "text_gone_at")
    op.drop_table("database_sizes")
    op.drop_table("gone_articles")
