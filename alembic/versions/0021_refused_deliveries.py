"""which deliveries were refused, so that what they told comes back so often and no more; to whom an article was told

Revision ID: 0021
Revises: 0020
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("refused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_told_articles_article_id", "told_articles", ["article_id"])


def downgrade() -> None:
    op.drop_index("ix_told_articles_article_id", "told_articles")
    op.drop_column("deliveries", "refused")
