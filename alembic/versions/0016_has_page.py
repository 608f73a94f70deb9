"""whether an article has a page; no moment of the last poll; learned boilerplate under that name

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NO_LINK = "the entry has no link of its own"


def upgrade() -> None:
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("has_page", sa.Boolean(), nullable=False, server_default=sa.true()))
    articles = sa.table("articles", sa.column("has_page", sa.Boolean()), sa.column("reason"))
    op.execute(articles.update().where(articles.c.reason == NO_LINK).values(has_page=False))
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.drop_column("last_polled_at")
    _rename_verdict("furniture", "boilerplate")


def downgrade() -> None:
    """An article without a page keeps the reason that says so; when a feed was last polled is not known again."""
    _rename_verdict("boilerplate", "furniture")
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.add_column(sa.Column("last_polled_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("articles") as batch_op:
        batch_op.drop_column("has_page")


def _rename_verdict(before: str, after: str) -> None:
    verdicts = sa.table("site_verdicts", sa.column("verdict"))
    op.execute(verdicts.update().where(verdicts.c.verdict == before).values(verdict=after))
