"""mail hosts and soft bounces

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_hosts",
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rest_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_turn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_mail_hosts")),
    )
    op.add_column("subscribers", sa.Column("soft_bounces", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("subscribers", "soft_bounces")
    op.drop_table("mail_hosts")
