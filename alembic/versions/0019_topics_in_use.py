"""which topics are in use, and how far back one is applied again

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("topics") as batch_op:
        batch_op.add_column(sa.Column("in_use", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("retags") as batch_op:
        batch_op.add_column(sa.Column("since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("retags") as batch_op:
        batch_op.drop_column("since")
    with op.batch_alter_table("topics") as batch_op:
        batch_op.drop_column("in_use")
