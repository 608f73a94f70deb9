"""hubs that tell of feeds' news

Revision ID: 0031
Revises: 0030
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "hub_subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("next_try_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("pinged_at", MOMENT, nullable=True),
        sa.Column("ping_hash", sa.String(length=64), nullable=True),
        sa.Column("in_vain", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_hub_subscriptions_feed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_subscriptions")),
        sa.UniqueConstraint("feed_id", name=op.f("uq_hub_subscriptions_feed_id")),
        sa.UniqueConstraint("key", name=op.f("uq_hub_subscriptions_key")),
    )
    op.create_index("ix_hub_subscriptions_waiting", "hub_subscriptions", ["state", "next_try_at"])
    op.add_column("feeds", sa.Column("told_until", MOMENT, nullable=True))
    op.add_column("documents", sa.Column("links", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("documents", "links")
    op.drop_column("feeds", "told_until")
    op.drop_index("ix_hub_subscriptions_waiting", "hub_subscriptions")
    op.drop_table("hub_subscriptions")
