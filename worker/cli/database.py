"""`storywatch db`: the database's schema."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli.installation import reach_installation
from worker.cli.terminal import JsonOption, answer

database_app = typer.Typer(name="db", help="The database's schema.", no_args_is_help=True)


@database_app.callback()
def _database() -> None:
    """The database's schema."""


@database_app.command()
def upgrade(
    load: Annotated[
        bool, typer.Option("--load", help="Also bring the declared feeds, topics and subscribers in.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the database to the schema this version expects; running it again changes nothing."""
    from worker.setup.declarations import reconcile
    from worker.storage.db import migrations

    deps = reach_installation()
    migrations.upgrade(deps.database)
    if load:
        reconcile(deps)
    where = deps.database.engine.url.render_as_string(hide_password=True)
    answer({"database": where}, f"The database {where} is up to date.", as_json=as_json)
