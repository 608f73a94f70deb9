"""feeds know how far apart their host wants its visits

Revision ID: 0029
Revises: 0028
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("crawl_delay", sa.Double(), nullable=True))
    op.create_index("ix_feeds_host", "feeds", ["host"])


def downgrade() -> None:
    op.drop_index("ix_feeds_host", "feeds")
    op.drop_column("feeds", "crawl_delay")
