"""What the doctor looks at on this machine: configuration, database, disk and clock."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator

from worker.delivery.diagnosis import Ailment
from worker.delivery.operator import examine
from worker.delivery.start_checks import start_warnings
from worker.errors import StorageError
from worker.service.doctor.finding import Finding, ill, note, well
from worker.service.doctor.verdicts import judge_clock
from worker.setup.deps import Deps
from worker.setup.settings import config_path
from worker.storage.db import migrations, ticks

_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
_TIMEX_BYTES = 512  # more than its struct has on any machine
_ADVICE = {
    "disk": "make room, or have less kept: [keep]",
    "clock": "let a time service keep it",
    "mail": "mend [mail], then 'storywatch deliveries retry --all'",
    "feeds": "'storywatch feeds list' says of each what is wrong",
    "topics": "'storywatch topics test NAME --since 30d' shows what it finds",
}


def check_configuration(_deps: Deps) -> Iterator[Finding]:
    """Yield where the settings are, and whose account this is."""
    path = config_path()
    if not path.is_file():
        yield note("configuration", f"there is no {path}: all is as it is built in", "'storywatch init' writes one")
    else:
        yield well("configuration", f"{path} can be read")
    if os.geteuid() == 0:
        yield note("configuration", "this is root's account", "give the service one of its own: 'storywatch systemd'")


def check_start(deps: Deps) -> Iterator[Finding]:
    """Yield what would make every digest fail, or keep everything from being fetched."""
    yield from (ill("configuration", line, f"change it in {config_path().name}") for line in start_warnings(deps))


def check_database(deps: Deps) -> Finding:
    """Return whether the database is there, and fits."""
    where = deps.database.engine.url.render_as_string(hide_password=True)
    if deps.database.file is not None and not deps.database.file.exists():
        return note("database", f"there is no {deps.database.file}", "'storywatch run' makes it")
    try:
        found = migrations.current_revision(deps.database)
    except StorageError as error:
        return ill("database", str(error), "is its server running, and may we use it?")
    if found is None:
        return note("database", f"{where} is empty", "'storywatch run' makes it")
    if found != migrations.latest_revision():
        return ill(
            "database", f"{where} is at revision {found}, which is not this program's", "'storywatch db upgrade'"
        )
    return well("database", where)


def check_work(deps: Deps) -> Iterator[Finding]:
    """Yield what the service itself knows to be wrong, and how much room the disk has."""
    folder = deps.settings.data_folder
    found = examine(deps)
    yield from (
        _of_service(deps, one) if one.name == "clock" else ill(one.part, one.said, _ADVICE[one.part]) for one in found
    )
    if not any(one.part == "disk" for one in found) and folder.is_dir():
        yield well("disk", f"{shutil.disk_usage(folder).free / 1e9:.1f} GB are left in {folder}")


def check_clock(deps: Deps) -> Iterator[Finding]:
    """Yield whether the machine's clock can be trusted."""
    with deps.reading() as session:
        noted = ticks.all_ticks(session).values()
    yield judge_clock(is_kept=_is_kept(), latest=max(noted, default=None), now=deps.now())


def _of_service(deps: Deps, late: Ailment) -> Finding:
    """The clock's jobs are late: nothing runs, or it never did."""
    with deps.reading() as session:
        ran = ticks.job_ticks(session)
    if not ran.keys() & {"feeds", "digests"}:
        return note(
            "service", "it has not run yet", "'storywatch run', or 'storywatch systemd' to have it kept running"
        )
    return ill("service", late.said, "start it: 'storywatch run', or 'systemctl start storywatch'")


def _is_kept() -> bool | None:
    """Whether the kernel's clock is kept by a time service; None where the system does not say."""
    if sys.platform != "linux":
        return None
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if state < 0 else state != _UNSYNCHRONISED
