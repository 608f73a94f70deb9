"""Bringing the database to the schema of this code, with a way back: a backup is made first."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from worker.errors import StorywatchError
from worker.setup.base_deps import BaseDeps
from worker.setup.logs import get_log
from worker.storage.backup.backups import write_backup
from worker.storage.db import migrations, sizes

_KEPT = 3  # backups made before a change of the schema

log = get_log(__name__)


def upgrade(deps: BaseDeps) -> Path | None:
    """Apply every migration that is missing; return the backup that was made before, if there was anything to lose.

    Where no backup can be made, for want of room or of PostgreSQL's tools, that is said and the upgrade goes on.
    """
    found = migrations.current_revision(deps.database)
    backup = None
    if found is not None and found != migrations.latest_revision() and migrations.is_known(found):
        backup = _back_up(deps, found, deps.now())
    migrations.upgrade(deps.database)
    return backup


def _back_up(deps: BaseDeps, revision: str, now: datetime) -> Path | None:
    folder = deps.settings.data_folder / "backups"
    file = folder / f"before-upgrade-from-{revision}-{now:%Y%m%dT%H%M%S%f}.backup"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with deps.reading() as session:
            size = sizes.read_size(session)
        if (free := shutil.disk_usage(folder).free) < size:
            log.warning("no backup was made", reason=f"{folder} has {free >> 20} MB left, {size >> 20} MB are needed")
            return None
        write_backup(deps.database, file)
    except (StorywatchError, OSError) as error:
        log.warning("no backup was made", reason=str(error))
        return None
    for old in sorted(folder.glob("before-upgrade-*.backup"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)
    return file
