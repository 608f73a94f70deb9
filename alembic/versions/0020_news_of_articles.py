"""the number of the news as which each article came

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("news_number", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("articles", "news_number")
