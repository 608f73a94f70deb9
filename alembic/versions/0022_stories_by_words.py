"""stories go by words alone, without embeddings and sums that nobody reads; their index names reports

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Of a story's reports each is found by what of the story's terms it says itself."""
    with op.batch_alter_table("articles") as batch_op:
        batch_op.drop_column("embedding")
    with op.batch_alter_table("stories") as batch_op:
        for name in ("embedding", "total", "languages"):
            batch_op.drop_column(name)
    _replace_keys(
        "SELECT key, coalesce(published_at, discovered_at) AS published_at, articles.id AS article_id FROM story_keys"
        " JOIN articles ON articles.story_id = story_keys.story_id WHERE duplicate_of IS NULL"
        " AND vector LIKE '%\"' || key || '\":%'",
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False), of="article",
    )  # fmt: skip


def downgrade() -> None:
    """A story's sums begin empty, and are written anew when it next changes."""
    _replace_keys(
        "SELECT DISTINCT key, story_id FROM story_keys JOIN articles ON articles.id = story_keys.article_id"
        " WHERE story_id IS NOT NULL",
        of="story",
    )
    with op.batch_alter_table("stories") as batch_op:
        batch_op.add_column(sa.Column("total", sa.Text(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("languages", sa.Text(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("embedding", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("stories") as batch_op:
        batch_op.alter_column("total", server_default=None)
        batch_op.alter_column("languages", server_default=None)
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("embedding", sa.LargeBinary(), nullable=True))


def _replace_keys(rows: str, *more: sa.Column[object], of: str) -> None:
    """Make the index anew from what `rows` selects, with a key for each article or story."""
    number, table = f"{of}_id", {"article": "articles", "story": "stories"}[of]
    op.execute(f"CREATE TABLE kept_keys AS {rows}")
    op.drop_table("story_keys")
    columns = [sa.Column("key", sa.String(length=64), nullable=False), *more, sa.Column(number, BIG, nullable=False)]
    op.create_table(
        "story_keys",
        *columns,
        sa.ForeignKeyConstraint([number], [f"{table}.id"], name=op.f(f"fk_story_keys_{number}"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(*(column.name for column in columns), name=op.f("pk_story_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f(f"ix_story_keys_{number}"), "story_keys", [number])
    names = ", ".join(column.name for column in columns)
    op.execute(f"INSERT INTO story_keys ({names}) SELECT {names} FROM kept_keys")  # noqa: S608 - names of ours
    op.drop_table("kept_keys")
