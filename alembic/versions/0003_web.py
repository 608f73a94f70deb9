"""web: single mails, archive pages, bands by topic, webhooks

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_pages",
        sa.Column("digest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_digest_pages_digest_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest_id", "number", name=op.f("pk_digest_pages")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), server_default="digest", nullable=False))
        batch_op.alter_column(
            "digest_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        )
    op.add_column("subscribers", sa.Column("channel", sa.String(length=16), server_default="email", nullable=False))
    op.add_column("subscribers", sa.Column("declared_hash", sa.String(length=64), nullable=True))
    op.add_column("subscriptions", sa.Column("bands", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("subscriptions", "bands")
    op.drop_column("subscribers", "declared_hash")
    op.drop_column("subscribers", "channel")
    op.execute("DELETE FROM deliveries WHERE digest_id IS NULL")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.alter_column(
            "digest_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        )
        batch_op.drop_column("kind")
    op.drop_table("digest_pages")
