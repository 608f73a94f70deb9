"""feed claims

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-22
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_LONG_OVER = datetime(2000, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    claims = op.create_table(
        "feed_claims",
        sa.Column("feed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_claims")),
    )
    feeds = sa.table("feeds", sa.column("id"), _lease(), sa.column("unfinished", sa.Integer()))
    begun = sa.func.coalesce(feeds.c.lease_until, sa.literal(_LONG_OVER, sa.DateTime(timezone=True)))
    open_polls = sa.select(feeds.c.id, begun, feeds.c.unfinished).where(feeds.c.unfinished > 0)
    op.execute(claims.insert().from_select(["feed_id", "lease_until", "attempts"], open_polls))
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.drop_column("unfinished")
        batch_op.drop_column("lease_until")
        batch_op.drop_index("ix_feeds_due")
        batch_op.create_index("ix_feeds_due", ["next_poll_at", "active", "host"])


def downgrade() -> None:
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.add_column(_lease())
        batch_op.add_column(sa.Column("unfinished", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_index("ix_feeds_due")
        batch_op.create_index("ix_feeds_due", ["next_poll_at"])
    feeds = sa.table("feeds", sa.column("id"), _lease(), sa.column("unfinished"))
    claims = sa.table("feed_claims", sa.column("feed_id"), _lease(), sa.column("attempts"))
    of_feed = claims.c.feed_id == feeds.c.id
    op.execute(
        feeds.update()
        .where(feeds.c.id.in_(sa.select(claims.c.feed_id)))
        .values(
            lease_until=sa.select(claims.c.lease_until).where(of_feed).scalar_subquery(),
            unfinished=sa.select(claims.c.attempts).where(of_feed).scalar_subquery(),
        )
    )
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.alter_column("unfinished", server_default=None)
    op.drop_table("feed_claims")


def _lease() -> sa.Column[datetime]:
    return sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True)
