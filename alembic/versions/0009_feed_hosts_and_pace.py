"""feed hosts and pace

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-22
"""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.add_column(sa.Column("host", sa.String(length=255), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("pace", sa.Text(), nullable=True))
    feeds = sa.table("feeds", sa.column("id"), sa.column("url"), sa.column("host"))
    connection = op.get_bind()
    for feed_id, url in connection.execute(sa.select(feeds.c.id, feeds.c.url)).all():
        connection.execute(feeds.update().where(feeds.c.id == feed_id).values(host=_host(url)))
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.alter_column("host", server_default=None)
        batch_op.drop_index("ix_feeds_due")
        # With "active" in front SQLite takes it for narrow, and reads every feed that is due to claim twenty of them.
        batch_op.create_index("ix_feeds_due", ["next_poll_at"])


def downgrade() -> None:
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.drop_index("ix_feeds_due")
        batch_op.create_index("ix_feeds_due", ["active", "next_poll_at"])
        batch_op.drop_column("pace")
        batch_op.drop_column("host")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:
        return ""
