"""how an entry's title and text begin: by these its site's other pages are known to tell of it

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAMES = ("title_key", "summary_key")


def upgrade() -> None:
    """Articles that are stored already have none: teasers of these are known by their markup alone."""
    for name in NAMES:
        op.add_column("articles", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_index(f"ix_articles_{name}", "articles", [name])


def downgrade() -> None:
    for name in NAMES:
        op.drop_index(f"ix_articles_{name}", "articles")
        op.drop_column("articles", name)
