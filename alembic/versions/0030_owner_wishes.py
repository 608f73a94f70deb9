"""feeds can be paused, and have intervals of their own

Revision ID: 0030
Revises: 0029
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_NUMBERS = ("shortest", "longest", "fresh_for")


def upgrade() -> None:
    """The look for due feeds goes by the index alone, so what is paused stands there."""
    op.drop_index("ix_feeds_due", "feeds")
    op.add_column("feeds", sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in _NUMBERS:
        op.add_column("feeds", sa.Column(name, sa.Double(), nullable=True))
    op.create_index("ix_feeds_due", "feeds", ["next_poll_at", "active", "paused", "host"])


def downgrade() -> None:
    """A paused feed is asked again: the schema of before knows no pause."""
    op.drop_index("ix_feeds_due", "feeds")
    for name in ("paused", *_NUMBERS):
        op.drop_column("feeds", name)
    op.create_index("ix_feeds_due", "feeds", ["next_poll_at", "active", "host"])
