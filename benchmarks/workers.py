"""Archives replayed by several workers at once: is the result that of one worker, and how fast does it come?

    python -m benchmarks.workers --data ../shared/bench [--workers 4] [--sets basil neus meantime semeval copies]

Every set goes through `storywatch replay` with one worker, then with several on SQLite and on PostgreSQL. Printed are
the articles that were lost, those that stand elsewhere than with one worker (as a copy of something else, or in a story
with others), and the articles a second, start of the processes included.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it also runs as a file

from benchmarks.dedupe import open_postgres, postgres_server

SETS = ("basil", "neus", "meantime", "semeval", "copies")

Rows = dict[str, dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, postgres_server(Path(name)) as server:
        for number, chosen in enumerate(given.sets):
            archive = archive_of(given.data, chosen, Path(name))
            alone, rate = replay(archive, Path(name))
            print(f"{chosen}, {len(alone)} articles, 1 worker on sqlite: {rate:.0f} a second", flush=True)
            database = open_postgres(server, number)
            database.close()
            url = database.engine.url.render_as_string(hide_password=False)
            many = ["--workers", str(given.workers)]
            for engine, more in (("sqlite", many), ("postgresql", [*many, "--database", url])):
                together, rate = replay(archive, Path(name), *more)
                told = f"{chosen}, {given.workers} workers on {engine}: {rate:.0f} a second"
                print(f"{told}, {differences(alone, together)}", flush=True)


def archive_of(data: Path, chosen: str, folder: Path) -> Path:
    if chosen != "copies":
        return data / "stories" / chosen / "IN.jsonl"
    made, source = folder / "copies.jsonl", data / "duplicates"
    run(source / "make_pairs.py", source / "base_dev.jsonl", made, folder / "gold.jsonl", "--seed", "7")
    return made


def replay(archive: Path, folder: Path, *more: str) -> tuple[Rows, float]:
    out = folder / "out.jsonl"
    started = time.monotonic()
    run("-m", "worker.cli.main", "replay", archive, "--out", out, *more)
    took = time.monotonic() - started
    rows = {row["id"]: row for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    return rows, len(rows) / took


def differences(alone: Rows, together: Rows) -> str:
    """How many articles are missing, are copies of something else, or are in a story with others."""
    lost = len(alone.keys() - together.keys())
    both = alone.keys() & together.keys()
    copies = sum(alone[name]["duplicate_of"] != together[name]["duplicate_of"] for name in both)
    mates, now = companions(alone), companions(together)
    stories = sum(mates[name] != now[name] for name in both)
    return f"{lost} lost, {copies} copies of something else, {stories} in a story with others"


def companions(rows: Rows) -> dict[str, frozenset[str]]:
    """By article: all that are in its story."""
    stories: dict[int, set[str]] = defaultdict(set)
    for name, row in rows.items():
        stories[row["story"]].add(name)
    return {name: frozenset(stories[row["story"]]) for name, row in rows.items()}


def run(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
