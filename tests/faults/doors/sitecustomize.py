"""What Python runs first in every process of a service under test: doors that the product itself does not have.

The service is the real one. Its clock runs faster, and can be set while it works; two documents hang whoever reads
them; the disk of SQLite's file can be full; and one step can be without its fence, by which it is seen that the rounds
find what they are there for. FAULTS_FOLDER names the folder with the files that are looked at.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(os.environ["FAULTS_FOLDER"])


def read_clock() -> datetime:
    """The moment by the service's clock: `speed` times as far from `epoch` as it is, and `ahead` by so many seconds."""
    clock = json.loads((FOLDER / "clock").read_text())
    passed = (time.time() - clock["epoch"]) * clock["speed"]
    return datetime.fromtimestamp(clock["epoch"] + passed + clock["ahead"], UTC)


def _set_clock(module: ModuleType) -> None:
    module.utc_now = read_clock  # type: ignore[attr-defined]
    module.BaseDeps.__init__.__kwdefaults__["now"] = read_clock


def _time_hosts(module: ModuleType) -> None:
    """How long a host took is told by the fast clock, how far apart its visits are by Redis's own."""
    module._LATENCY_FACTOR /= json.loads((FOLDER / "clock").read_text())["speed"]  # type: ignore[attr-defined]


def _hang_on_page(module: ModuleType) -> None:
    read = module.read_article

    def read_or_hang(article: Any, page: Any, **given: Any) -> Any:
        while page is not None and b"POISONED PAGE" in page.body:
            time.sleep(0.1)
        return read(article, page, **given)

    module.read_article = read_or_hang  # type: ignore[attr-defined]


def _hang_on_feed(module: ModuleType) -> None:
    parse = module.parse_feed

    def parse_or_hang(body: bytes, *given: Any) -> Any:
        while b"POISONED FEED" in body:
            time.sleep(0.1)
        return parse(body, *given)

    module.parse_feed = parse_or_hang  # type: ignore[attr-defined]


def _fill_disk(module: ModuleType) -> None:
    begin = module._begin_sqlite

    def begin_on_what_is_left(connection: Any) -> None:
        driver = connection.connection.driver_connection
        full = (FOLDER / "disk-full").exists()
        (pages,) = driver.execute("PRAGMA page_count").fetchone() if full else (0x3FFFFFFF,)
        driver.execute(f"PRAGMA max_page_count={pages}").close()
        begin(connection)

    module._begin_sqlite = begin_on_what_is_left  # type: ignore[attr-defined]


def _take_down_fence(module: ModuleType) -> None:
    """A delivery is free for whoever asks, also while another sends it: its lease keeps nobody away."""
    if not (FOLDER / "no-fence").exists():
        return
    fenced = module._is_free

    def is_free(table: Any) -> tuple[Any, ...]:
        waits, is_let_go, is_due = fenced(table)
        return (waits, is_due) if table.__tablename__ == "deliveries" else (waits, is_let_go, is_due)

    module._is_free = is_free  # type: ignore[attr-defined]


DOORS: dict[str, Callable[[ModuleType], None]] = {
    "worker.setup.base_deps": _set_clock,
    "worker.net.host_limits": _time_hosts,
    "worker.analysis.reading": _hang_on_page,
    "worker.feeds": _hang_on_feed,
    "worker.storage.db.database": _fill_disk,
    "worker.storage.db.claims": _take_down_fence,
}
"""By module: what is done to it when it has been imported."""


class _Doors(importlib.abc.MetaPathFinder):
    """Finds the modules with doors as all others would, and opens each when it is there."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        del path, target
        open_door = DOORS.pop(name, None)
        spec = importlib.util.find_spec(name) if open_door else None
        if open_door is None or spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_and_open(module: ModuleType) -> None:
            load(module)
            open_door(module)

        spec.loader.exec_module = load_and_open  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, _Doors())
