"""The installation a command works on: its configuration and its database, checked at the outset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.cli.terminal import remark
from worker.errors import AlreadyRunningError, StorageError
from worker.setup.settings import load_settings

if TYPE_CHECKING:
    from worker.setup.deps import Deps


def open_installation() -> Deps:
    """Return the real things of this installation.

    A database that is empty is made, with what the configuration declares; one of an earlier version is brought up to
    date after a backup, where it is a file that no service works on.
    Raises `ConfigurationError` for a wrong setting, `StorageError` when the database cannot be reached or used.
    """
    from worker.storage.db import migrations

    deps = reach_installation()
    found = migrations.current_revision(deps.database)
    if found != migrations.latest_revision():
        _bring_up_to_date(deps, found)
    return deps


def reach_installation() -> Deps:
    """Return the real things of this installation, whatever the state of its schema."""
    from worker.setup.deps import Deps  # half a second of imports that `storywatch --help` should not pay

    deps = Deps(load_settings())
    with deps.reading() as session:
        session.connection()
    return deps


def _bring_up_to_date(deps: Deps, found: str | None) -> None:
    """Make or migrate the database; raise `StorageError` where another may be at work on it."""
    from worker.service.data_lock import hold_data, keep_processes_out
    from worker.service.upgrading import upgrade
    from worker.setup.declarations import reconcile
    from worker.storage.db import migrations

    if found is not None and deps.database.file is None:
        migrations.require_current(deps.database)  # on a server, others may use it whom no lock of ours keeps out
    try:
        with hold_data(deps.settings.data_folder), keep_processes_out(deps.settings.data_folder):
            backup = upgrade(deps)
            if found is None:
                reconcile(deps)
    except AlreadyRunningError as error:
        raise StorageError(
            f"the database is at revision {found or 'none'}, which is not this program's: {error}"
        ) from error
    where = deps.database.engine.url.render_as_string(hide_password=True)
    remark(f"The database {where} was made." if found is None else f"The database {where} was brought up to date.")
    if backup:
        remark(f"As it was before: {backup}")
