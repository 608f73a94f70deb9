"""stories looked at again: which wait for it, and where a moved article came from

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WAITING = sa.text("unsettled_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("stories", sa.Column("unsettled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_stories_unsettled_at", "stories", ["unsettled_at"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    with op.batch_alter_table("story_events", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("other_story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index("ix_story_events_article_id", ["article_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_story_events_other_story_id"), "stories", ["other_story_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("story_events", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_story_events_other_story_id"), type_="foreignkey")
        batch_op.drop_index("ix_story_events_article_id")
        batch_op.drop_column("other_story_id")
    op.drop_index("ix_stories_unsettled_at", "stories")
    op.drop_column("stories", "unsettled_at")
