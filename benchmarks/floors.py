"""Quality floors: what each measured figure must at least (or at most) be, and why a floor was ever moved.

    python -m benchmarks.floors [--data ../shared/bench]

`quality_floor.toml` is only ever added to. Each entry states a figure, its bound, the hash of the inputs it was
measured on, a date and a reason; of several entries for one figure the last counts. A bound looser than the one
before needs other inputs or a reason of its own. That nobody edits or drops an old entry instead is checked against
every version of the file that git knows. A benchmark calls `check` with what it measured; figures measured on
other inputs than the floor's are named and not judged, and this command, given the data, says when that is so.

(The idea of a floor pinned to a corpus hash that cannot be lowered in silence: trafilatura's `eval_gate.py`.)
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("quality_floor.toml")
_FIRST_REASON = "first measured"


@dataclass(frozen=True)
class Floor:
    """`bound` is "at_least" or "at_most"; `inputs` are paths below the benchmark data, `data` their hash."""

    figure: str
    bound: str
    value: float
    inputs: tuple[str, ...]
    data: str
    set_on: date
    reason: str

    def holds(self, measured: float) -> bool:
        return measured >= self.value if self.bound == "at_least" else measured <= self.value

    def is_looser_than(self, other: Floor) -> bool:
        return self.bound != other.bound or not other.holds(self.value)


class FloorError(ValueError):
    """The file of floors is not as it must be."""


def read_floors(text: str) -> tuple[Floor, ...]:
    """Entries in the order written. Raises `FloorError` for one that lacks a field."""
    return tuple(_read(entry) for entry in tomllib.loads(text).get("floor", []))


def _read(entry: Mapping[str, Any]) -> Floor:
    bounds = [bound for bound in ("at_least", "at_most") if bound in entry]
    missing = [key for key in ("figure", "inputs", "data", "set_on", "reason") if not entry.get(key)]
    if len(bounds) != 1 or missing or not isinstance(entry.get("set_on"), date):
        raise FloorError(
            f"floor {entry.get('figure')}: needs figure, at_least or at_most, inputs, data, set_on, reason"
        )
    return Floor(
        entry["figure"], bounds[0], float(entry[bounds[0]]), tuple(entry["inputs"]), entry["data"],
        entry["set_on"], entry["reason"].strip(),
    )  # fmt: skip


def faults_within(floors: Sequence[Floor]) -> list[str]:
    """Floors loosened without new inputs or a reason of their own, in one version of the file."""
    found: list[str] = []
    latest: dict[str, Floor] = {}
    for floor in floors:
        before = latest.get(floor.figure)
        latest[floor.figure] = floor
        if before is None:
            continue
        if floor.set_on < before.set_on:
            found.append(f"{floor.figure}: set on {floor.set_on}, before the entry it follows")
        excused = floor.data != before.data or floor.reason not in ("", before.reason, _FIRST_REASON)
        if floor.is_looser_than(before) and not excused:
            found.append(f"{floor.figure}: lowered from {before.value} to {floor.value} without a reason of its own")
    return found


def faults_between(older: Sequence[Floor], newer: Sequence[Floor]) -> list[str]:
    """Entries of an older version that the newer one changed or dropped; new ones may stand anywhere."""
    rest = iter(newer)
    return [
        f"{floor.figure}: the entry of {floor.set_on} was changed or dropped" for floor in older if floor not in rest
    ]


def history_faults(file: Path = FILE) -> list[str]:
    """What is wrong with the floors as they stand, and with how they came to be so far as git knows."""
    versions = [*_committed(file), file.read_text("utf-8")]
    read = [read_floors(text) for text in versions]
    between = [fault for older, newer in pairwise(read) for fault in faults_between(older, newer)]
    return [*dict.fromkeys(between), *faults_within(read[-1])]


def _committed(file: Path) -> Iterator[str]:
    """The file as each commit left it, the oldest first; nothing outside a repository.

    Branches that were merged count as what their merge brought: side by side they say nothing of each other.
    """
    log = _git(file, "log", "--first-parent", "--format=%H", "--reverse", "--", file.name)
    for commit in log.split():
        text = _git(file, "show", f"{commit}:./{file.name}")
        if text:
            yield text


def _git(file: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=file.parent, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def hash_inputs(root: Path, inputs: Iterable[str]) -> str:
    """One hash of all files named or in the folders named, with their paths below `root`; "" where one is missing."""
    digest = hashlib.sha256()
    for name in inputs:
        place = root / name
        files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
        if not files or not files[0].is_file():
            return ""
        for path in files:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"sha256:{digest.hexdigest()}"


def check(measured: Mapping[str, float], data: Path, file: Path = FILE) -> bool:
    """Print how the figures stand to their floors; False where one is missed. `data` is the benchmarks' folder."""
    latest = {floor.figure: floor for floor in read_floors(file.read_text("utf-8"))}
    hashes: dict[tuple[str, ...], str] = {}
    missed = False
    for figure, value in measured.items():
        floor = latest.get(figure)
        if floor is None:
            continue
        if floor.inputs not in hashes:
            hashes[floor.inputs] = hash_inputs(data, floor.inputs)
        if hashes[floor.inputs] != floor.data:
            print(f"  floor {figure}: for other inputs, not judged")
        elif not floor.holds(value):
            missed = True
            print(f"  floor {figure}: {value:.4f} MISSES {floor.bound.replace('_', ' ')} {floor.value}")
    if not missed:
        print("  floors hold")
    return not missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the folder of benchmark data the inputs are named from")
    data = parser.parse_args().data
    floors = read_floors(FILE.read_text("utf-8"))
    faults = history_faults()
    latest = {floor.figure: floor for floor in floors}
    for floor in latest.values():
        other = data is not None and hash_inputs(data, floor.inputs) != floor.data
        if other:
            faults.append(f"{floor.figure}: its inputs changed; measure anew and add an entry")
        print(
            f"{floor.figure:32} {floor.bound.replace('_', ' ')} {floor.value:<8} since {floor.set_on}: {floor.reason}"
        )
    for fault in faults:
        print(f"REFUSED {fault}")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
