"""what a subscriber has muted; the headline a story was told under; the installation's own name

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-30
"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("muted_outlets", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("muted_stories", sa.Text(), nullable=True))
    op.add_column("digest_stories", sa.Column("headline", sa.Text(), nullable=True))
    uid = sa.Column("uid", sa.String(36), nullable=False)
    installation = op.create_table("installation", uid, sa.PrimaryKeyConstraint("uid", name=op.f("pk_installation")))
    op.bulk_insert(installation, [{"uid": str(uuid4())}])


def downgrade() -> None:
    """Nobody has muted anything any more, and the ids of feeds are made anew on the way up."""
    op.drop_table("installation")
    op.drop_column("digest_stories", "headline")
    op.drop_column("subscriptions", "muted_stories")
    op.drop_column("subscriptions", "muted_outlets")
