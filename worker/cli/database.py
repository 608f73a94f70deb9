"""`storywatch db`: the database's schema, its backups, and whether all in it agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.cli.installation import open_installation, reach_installation
from worker.cli.terminal import JsonOption, answer, remark, say, write_json

database_app = typer.Typer(name="db", help="Schema, backups and soundness of the database.", no_args_is_help=True)


@database_app.callback()
def _database() -> None:
    """Schema, backups and soundness of the database."""


@database_app.command()
def upgrade(
    load: Annotated[
        bool, typer.Option("--load", help="Also bring the declared feeds, topics and subscribers in.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the database to the schema this version expects; running it again changes nothing."""
    from worker.service.upgrading import upgrade
    from worker.setup.declarations import reconcile

    deps = reach_installation()
    if backup := upgrade(deps):
        remark(f"The database as it was before: {backup}")
    if load:
        reconcile(deps)
    where = deps.database.engine.url.render_as_string(hide_password=True)
    answer({"database": where}, f"The database {where} is up to date.", as_json=as_json)


@database_app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it; no other file is replaced.")],
    as_json: JsonOption = False,
) -> None:
    """Write the whole database into a file, also while the service works, and look through what was written."""
    from worker.storage.backup.backups import write_backup

    deps = open_installation()
    write_backup(deps.database, file)
    size = file.stat().st_size
    answer({"file": str(file), "size": size}, f"Written: {file}, {size:,} bytes", as_json=as_json)


@database_app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What 'storywatch db backup' has written.")],
    nothing_sent: Annotated[
        bool,
        typer.Option("--nothing-sent", help="Nothing was sent since it was made: let what waited go out."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Let the database be what a backup holds; only while no service works on it. No mail is sent twice for it."""
    from worker.service.data_lock import hold_data
    from worker.setup.deps import Deps
    from worker.setup.settings import load_settings
    from worker.storage.backup.backups import restore_backup
    from worker.storage.backup.settling import settle

    deps = Deps(load_settings())
    with hold_data(deps.settings.data_folder):
        former = restore_backup(deps.database, file)
        ended = 0
        if not nothing_sent:
            with deps.transaction() as session:
                ended = settle(session, now=deps.now())
    if former:
        remark(f"The database as it was before: {former}")
    if ended:
        remark(f"{ended} mails that waited then were ended, for they may have been sent: 'storywatch deliveries list'")
    answer({"file": str(file), "ended": ended}, f"Restored: {file}", as_json=as_json)


@database_app.command()
def check(
    repair: Annotated[bool, typer.Option("--repair", help="Put right what can be.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look whether all in the database agrees: nothing orphaned or stuck, sums as their members, numbers in order."""
    from worker.storage.reports.invariants import check_database, repair_database

    deps = open_installation()
    if repair:
        found = repair_database(deps.database, now=deps.now())
    else:
        with deps.reading() as session:
            found = check_database(session, now=deps.now())
    if as_json:
        write_json({"broken": [{"what": one.what, "rows": one.rows, "repaired": one.repaired} for one in found]})
    for one in () if as_json else found:
        rows = ", ".join(map(str, one.rows[:5])) + (" …" if len(one.rows) > 5 else "")
        say(f"{'Repaired' if one.repaired else 'Broken'}: {one.what} ({len(one.rows)}: {rows})")
    if not found and not as_json:
        say("All in the database agrees.")
    if any(not one.repaired for one in found):
        raise typer.Exit(1)
