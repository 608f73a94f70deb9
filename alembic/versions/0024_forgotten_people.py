"""people can be forgotten, and some links work once

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = (("forgotten_people", "forgotten_at"), ("used_links", "used_at"))


def upgrade() -> None:
    for table, moment in TABLES:
        op.create_table(
            table,
            sa.Column("key", sa.String(length=64), nullable=False),
            sa.Column(moment, sa.DateTime(timezone=True), nullable=False),
            sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{table}")),
        )
    op.add_column("subscribers", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("subscribers", "ended_at")
    for table, _ in TABLES:
        op.drop_table(table)
