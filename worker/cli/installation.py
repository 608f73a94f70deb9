"""The installation a command works on: its configuration and its database, checked at the outset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.setup.settings import load_settings

if TYPE_CHECKING:
    from worker.setup.deps import Deps


def open_installation() -> Deps:
    """Return the real things of this installation.

    Raises `ConfigurationError` for a wrong setting, `StorageError` when the database cannot be reached
    or is not at the schema this code expects.
    """
    from worker.storage.db.migrations import require_current

    deps = reach_installation()
    require_current(deps.database)
    return deps


def reach_installation() -> Deps:
    """Return the real things of this installation, whatever the state of its schema."""
    from worker.setup.deps import Deps  # half a second of imports that `storywatch --help` should not pay

    deps = Deps(load_settings())
    with deps.reading() as session:
        session.connection()
    return deps
