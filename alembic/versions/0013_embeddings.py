"""embeddings

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("articles", "stories"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("embedding", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    for table in ("stories", "articles"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("embedding")
