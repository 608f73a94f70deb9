"""former addresses of feeds

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "former_addresses",
        sa.Column("url_hash", sa.String(length=64), nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_former_addresses_feed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("url_hash", name=op.f("pk_former_addresses")),
    )
    with op.batch_alter_table("former_addresses") as batch_op:
        batch_op.create_index(op.f("ix_former_addresses_feed_id"), ["feed_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("former_addresses") as batch_op:
        batch_op.drop_index(op.f("ix_former_addresses_feed_id"))
    op.drop_table("former_addresses")
