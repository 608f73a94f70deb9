"""sites

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sites",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("first_read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("host", name=op.f("uq_sites_host")),
    )
    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.create_index("ix_sites_waiting", ["state", "next_try_at"], unique=False)

    op.create_table(
        "site_verdicts",
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sightings", sa.Integer(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_verdicts_site_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "line", name=op.f("pk_site_verdicts")),
    )
    op.create_table(
        "site_lines",
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_site_lines_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_lines_site_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "line", "article_id", name=op.f("pk_site_lines")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("site_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_lines_line"), ["line"], unique=False)

    op.create_table(
        "site_readings",
        sa.Column(
            "article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Integer(), nullable=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("text_key", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_site_readings_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_site_readings_feed_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_readings_site_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_site_readings")),
    )
    with op.batch_alter_table("site_readings", schema=None) as batch_op:
        batch_op.create_index("ix_site_readings_feed_id", ["feed_id", "article_id"], unique=False)
        batch_op.create_index("ix_site_readings_site_id", ["site_id", "article_id"], unique=False)

    op.add_column("feeds", sa.Column("decay", sa.Text(), nullable=True))
    op.add_column("feeds", sa.Column("decayed_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # Not by batch: SQLite would make the table anew, and what hangs on feeds would go with the old one.
    op.drop_column("feeds", "decayed_since")
    op.drop_column("feeds", "decay")

    with op.batch_alter_table("site_readings", schema=None) as batch_op:
        batch_op.drop_index("ix_site_readings_site_id")
        batch_op.drop_index("ix_site_readings_feed_id")

    op.drop_table("site_readings")
    with op.batch_alter_table("site_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_lines_line"))

    op.drop_table("site_lines")
    op.drop_table("site_verdicts")
    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.drop_index("ix_sites_waiting")

    op.drop_table("sites")
