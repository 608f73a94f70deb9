"""the index of copies names no originals

Revision ID: 0028
Revises: 0027
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_COPIES = sa.text("duplicate_of IS NOT NULL")


def upgrade() -> None:
    """SQLite took it for "what is no copy" too, and read all originals there are for the reports of one story."""
    op.drop_index("ix_articles_duplicate_of", "articles")
    op.create_index(
        "ix_articles_duplicate_of", "articles", ["duplicate_of"], sqlite_where=_COPIES, postgresql_where=_COPIES
    )


def downgrade() -> None:
    op.drop_index("ix_articles_duplicate_of", "articles")
    op.create_index("ix_articles_duplicate_of", "articles", ["duplicate_of"])
