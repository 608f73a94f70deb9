"""ids of subscriptions that never come again, on SQLite too

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-22
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rebuild(sqlite_autoincrement=True)


def downgrade() -> None:
    _rebuild(sqlite_autoincrement=False)


def _rebuild(*, sqlite_autoincrement: bool) -> None:
    """PostgreSQL's sequences give out no number twice; SQLite gives the highest again when its row is gone."""
    if op.get_bind().dialect.name == "sqlite":
        kwargs = {"sqlite_autoincrement": sqlite_autoincrement}
        with op.batch_alter_table("subscriptions", recreate="always", table_kwargs=kwargs):
            pass
