"""page addresses

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("address_hash", sa.String(length=64), nullable=True))
        batch_op.create_index("ix_articles_address_hash_id", ["address_hash", "id"], unique=False)
    op.execute("UPDATE articles SET address_hash = url_hash WHERE state = 'analyzed'")


def downgrade() -> None:
    with op.batch_alter_table("articles") as batch_op:
        batch_op.drop_index("ix_articles_address_hash_id")
        batch_op.drop_column("address_hash")
