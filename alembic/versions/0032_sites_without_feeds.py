"""pages that list articles, and sitemaps that an index names

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("listing", sa.Text(), nullable=True))
    op.add_column("feeds", sa.Column("found_in", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))


def downgrade() -> None:
    op.drop_column("feeds", "found_in")
    op.drop_column("feeds", "listing")
