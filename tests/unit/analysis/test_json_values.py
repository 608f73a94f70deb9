from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from worker.analysis.json_values import plain
from worker.topics import Band

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Thing:
    name: str
    at: datetime
    band: Band
    parts: tuple[timedelta, ...]


def test_every_value_of_ours_becomes_json() -> None:
    thing = Thing("a", NOW, Band.WIDE, (timedelta(seconds=90),))
    found = plain({"thing": thing, "set": frozenset({2, 1}), "path": Path("x/y"), "none": None})
    assert json.loads(json.dumps(found)) == {
        "thing": {"name": "a", "at": "2026-03-02T12:00:00+00:00", "band": "wide", "parts": [90.0]},
        "set": [1, 2], "path": "x/y", "none": None,
    }  # fmt: skip
