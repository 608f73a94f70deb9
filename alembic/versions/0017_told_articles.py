"""what each subscriber was told, article by article, and a number by which news is known as new

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-30
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OVERLAP = timedelta(minutes=10)  # by which a window began before the end of the last one
_AT_ONCE = 1_000
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _add_columns()
    _number_stories()
    _add_tables()
    with op.batch_alter_table("digest_stories") as batch_op:
        batch_op.drop_constraint(op.f("uq_digest_stories_subscription_id_story_id_revision"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_digest_stories_digest_id_story_id"), ["digest_id", "story_id"])
        batch_op.create_index(op.f("ix_digest_stories_subscription_id"), ["subscription_id"])
    _remember_what_was_told()


def downgrade() -> None:
    """What was told stays known by story; of a story that was told twice as of one revision, the last time stays."""
    doubled = sa.text(
        "DELETE FROM digest_stories WHERE id NOT IN "
        "(SELECT max(id) FROM digest_stories GROUP BY subscription_id, story_id, revision)"
    )
    op.execute(doubled)
    with op.batch_alter_table("digest_stories") as batch_op:
        batch_op.drop_index(op.f("ix_digest_stories_subscription_id"))
        batch_op.drop_constraint(op.f("uq_digest_stories_digest_id_story_id"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_digest_stories_subscription_id_story_id_revision"), ["subscription_id", "story_id", "revision"]
        )
        batch_op.drop_column("page")
    op.drop_table("passed_over")
    op.drop_table("told_articles")
    for table, columns in (
        ("digests", ["news_from"]),
        ("articles", ["updates_original", "revision"]),
        ("subscriptions", ["plannings", "news_seen"]),
    ):
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    with op.batch_alter_table("stories") as batch_op:
        batch_op.drop_index(op.f("ix_stories_news_number"))
        batch_op.drop_column("news_number")


def _add_columns() -> None:
    with op.batch_alter_table("stories") as batch_op:
        batch_op.add_column(_number("news_number"))
        batch_op.create_index(op.f("ix_stories_news_number"), ["news_number"])
    with op.batch_alter_table("subscriptions") as batch_op:
        batch_op.add_column(_number("news_seen"))
        batch_op.add_column(sa.Column("plannings", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("updates_original", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("digests") as batch_op:
        batch_op.add_column(_number("news_from"))
    with op.batch_alter_table("digest_stories") as batch_op:
        batch_op.add_column(sa.Column("page", sa.Integer(), nullable=False, server_default="1"))


def _add_tables() -> None:
    op.create_table(
        "told_articles",
        _reference("subscription_id"),
        _reference("article_id"),
        _reference("digest_id"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False, server_default=sa.false()),
        *(_foreign_key("told_articles", name) for name in ("subscription", "article", "digest")),
        sa.PrimaryKeyConstraint("subscription_id", "article_id", "digest_id", name=op.f("pk_told_articles")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_told_articles_digest_id", "told_articles", ["digest_id"])
    op.create_table(
        "passed_over",
        _reference("subscription_id"),
        _reference("article_id"),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(_foreign_key("passed_over", name) for name in ("subscription", "article")),
        sa.PrimaryKeyConstraint("subscription_id", "article_id", name=op.f("pk_passed_over")),
        sqlite_with_rowid=False,
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")


def _reference(name: str) -> sa.Column[int]:
    return sa.Column(name, _ID, autoincrement=False, nullable=False)


def _foreign_key(table: str, name: str) -> sa.ForeignKeyConstraint:
    named = op.f(f"fk_{table}_{name}_id")
    return sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}s.id"], name=named, ondelete="CASCADE")


def _number_stories() -> None:
    """Stories are numbered as they developed; whoever was told up to a moment has seen those up to there."""
    connection = op.get_bind()
    stories = connection.execute(sa.text("SELECT id, developed_at FROM stories ORDER BY developed_at, id")).all()
    numbers = [{"id": story_id, "number": number} for number, (story_id, _) in enumerate(stories, start=1)]
    _update(connection, "UPDATE stories SET news_number = :number WHERE id = :id", numbers)
    developed = [_moment(moment) for _, moment in stories]
    for begun, changed in (
        ("SELECT id, window_start FROM subscriptions", "UPDATE subscriptions SET news_seen = :number WHERE id = :id"),
        ("SELECT id, window_start FROM digests", "UPDATE digests SET news_from = :number WHERE id = :id"),
    ):
        rows = connection.execute(sa.text(begun)).all()
        seen = [{"id": each, "number": bisect_right(developed, _moment(at) - _OVERLAP)} for each, at in rows]
        _update(connection, changed, seen)


def _update(connection: sa.Connection, statement: str, rows: list[dict[str, int]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(sa.text(statement), rows[start : start + _AT_ONCE])


def _remember_what_was_told() -> None:
    """Every article of a digest was told as it was when the digest was made."""
    connection = op.get_bind()
    changes = _changes(connection)
    revised = [{"id": article_id, "revision": 1 + len(moments)} for article_id, moments in changes.items()]
    _update(connection, "UPDATE articles SET revision = :revision WHERE id = :id", revised)
    known = set(connection.scalars(sa.text("SELECT id FROM articles")))
    rows = connection.execute(
        sa.text(
            "SELECT s.subscription_id, s.digest_id, s.article_ids, d.created_at FROM digest_stories s "
            "JOIN digests d ON d.id = s.digest_id ORDER BY s.digest_id, s.id"
        )
    ).all()
    told: dict[tuple[int, int, int], int] = {}
    for subscription_id, digest_id, article_ids, created_at in rows:
        for article_id in known.intersection(_ids(article_ids)):
            as_of = 1 + bisect_right(changes.get(article_id, []), _moment(created_at))
            told[subscription_id, article_id, digest_id] = as_of
    names = ("subscription_id", "article_id", "digest_id", "revision")
    found = [dict(zip(names, (*key, revision), strict=True)) for key, revision in told.items()]
    table = sa.table("told_articles", *(sa.column(name) for name in names))
    for start in range(0, len(found), _AT_ONCE):
        connection.execute(table.insert(), found[start : start + _AT_ONCE])


def _changes(connection: sa.Connection) -> dict[int, list[datetime]]:
    """By article: when it changed substantially, in order."""
    rows = connection.execute(
        sa.text("SELECT article_id, replaced_at FROM revisions WHERE substantial ORDER BY article_id, number")
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for article_id, moment in rows:
        found[article_id].append(_moment(moment))
    return found


def _ids(article_ids: Any) -> list[int]:
    stored = json.loads(article_ids) if isinstance(article_ids, str) else article_ids
    return [each for each in stored if isinstance(each, int)] if isinstance(stored, list) else []


def _moment(value: Any) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
