"""Runs the migrations on the database that the caller connects, or on the one the settings name."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from models import Base
from models.base import BigId, JsonText, SafeText, UtcDateTime


def render_type(kind: str, value: object, autogen_context: object) -> str | bool:
    """Spell our column types by what they are in the database: a migration must not need the models."""
    del autogen_context
    if kind != "type":
        return False
    if isinstance(value, SafeText | JsonText):
        return "sa.Text()"
    if isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if value is BigId:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Partitions come and go with the months, and what searches the archive is no table like others."""
    del parents
    return not (kind == "table" and name and name.startswith(("text_samples_", "sample_pages_", "search_index")))


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_type,
        compare_type=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    from worker.setup.settings import load_settings
    from worker.storage.db.database import Database

    with Database(load_settings().database).rebuilding() as own_connection:
        migrate(own_connection)


main()
