"""Writes down what the product makes of the development data, so that two checkouts can be compared byte by byte.

    python -m benchmarks.behaviour --data ../shared/bench --out DIR [--only replay extract feeds digest] [--jobs 2]
    diff -r DIR OTHER

The commands themselves are run: `replay` on every set, `extract` on every extraction set, `parse-feed` on every feed
document, and, on a database read from the topics' articles, `digest preview` in both languages, `stories list` and
`explain`, all at one fixed moment. No configuration or database of this machine is seen. Two runs of one checkout are
byte-equal; what a change of a rule is meant to change is found by comparing a run before it with one after it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
MOMENT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
FIRST, APART = MOMENT - timedelta(hours=23, minutes=30), timedelta(minutes=2)
READERS = {"en@example.org": (), "es@example.org": ("--language", "es", "--band", "wide", "--stories", "100")}
EXPLAINED = (1, 5, 17, 50, 99)
_PATIENCE, _LEASE = "300", "600"  # seconds for a document: a busy machine must not make another result
_OURS = ("STORYWATCH_", "DATABASE_URL", "REDIS_URL")

Task = Callable[[], None]


class Commands:
    """Runs `storywatch` in an empty folder, with nothing of this machine's configuration."""

    def __init__(self, folder: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        self.folder = folder
        self.environment = {
            **kept, "PYTHONPATH": str(ROOT), "TZ": "UTC", "NO_COLOR": "1", "COLUMNS": "200",
            "STORYWATCH_SECRET": "the same secret for every run of this",
            "STORYWATCH_ANALYZE__LIMIT_SECONDS": _PATIENCE, "STORYWATCH_CLOCK__LEASE_SECONDS": _LEASE,
            "DATABASE_URL": f"sqlite:///{folder / 'fixed.db'}",
        }  # fmt: skip

    def run(self, *arguments: str | Path, module: Sequence[str] = ("worker.cli.main",)) -> bytes:
        """Return what the command prints; one that fails ends the benchmark."""
        done = self._start(*arguments, module=module)
        if done.returncode:
            sys.exit(f"{' '.join(map(str, arguments))}: {done.stderr.decode()}")
        return done.stdout

    def run_any(self, *arguments: str | Path) -> bytes:
        """Return what the command prints, or else what it says is wrong."""
        done = self._start(*arguments)
        return done.stdout + done.stderr

    def run_then(self, *arguments: str | Path) -> bytes:
        """Return what the command prints at the fixed moment."""
        return self.run("--then", *arguments, module=("benchmarks.behaviour",))

    def _start(
        self, *arguments: str | Path, module: Sequence[str] = ("worker.cli.main",)
    ) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", *module, *map(str, arguments)]
        return subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, check=False)


def replays(commands: Commands, data: Path, out: Path) -> Iterator[Task]:
    topics = data / "topics"
    sets = {path.parent.name: path for path in sorted(data.glob("stories/*/IN.jsonl"))}
    sets |= {"topics": topics / "IN.jsonl", "topics-short": topics / "short" / "IN.jsonl"}
    for name, path in sets.items():
        yield partial(commands.run, "replay", path, "--out", out / f"{name}.jsonl")
    yield partial(replay_copies, commands, data / "duplicates", out / "duplicates-7.jsonl")


def replay_copies(commands: Commands, data: Path, out: Path) -> None:
    made, gold = commands.folder / "copies.jsonl", commands.folder / "gold.jsonl"
    command = [sys.executable, data / "make_pairs.py", data / "base_dev.jsonl", made, gold, "--seed", "7"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    commands.run("replay", made, "--out", out)


def extractions(commands: Commands, data: Path, out: Path) -> Iterator[Task]:
    for manifest in sorted(data.glob("extraction/*/MANIFEST.jsonl")):
        yield partial(commands.run, "extract", "--manifest", manifest, "--out", out / f"{manifest.parent.name}.jsonl")


def feeds(commands: Commands, data: Path, out: Path) -> Iterator[Task]:
    def read(path: Path) -> None:
        said = commands.run_any("parse-feed", path, "--url", f"https://feeds.example/{path.stem}", "--json")
        (out / f"{path.stem}.json").write_bytes(said)

    for path in sorted(data.glob("feeds/*.gz")):
        yield partial(read, path)


def digests(commands: Commands, data: Path, out: Path) -> Iterator[Task]:
    yield partial(write_digests, commands, data / "topics" / "IN.jsonl", out)


def write_digests(commands: Commands, articles: Path, out: Path) -> None:
    """Read the articles as if they had come in one every two minutes of a day, and look at the day."""
    dated = commands.folder / "dated.jsonl"
    with articles.open(encoding="utf-8") as lines, dated.open("w", encoding="utf-8") as file:
        for number, line in enumerate(lines):
            row = {**json.loads(line), "published": (FIRST + number * APART).isoformat()}
            file.write(json.dumps(row) + "\n")
    database = commands.environment["DATABASE_URL"]
    commands.run("replay", dated, "--database", database, "--out", commands.folder / "dated.out")
    for address, options in READERS.items():
        commands.run_then("subscribers", "add", address, *options)
        commands.run_then("digest", "preview", address, "--out", out / address.partition("@")[0])
    (out / "stories.json").write_bytes(commands.run_then("stories", "list", "--limit", "500", "--json"))
    for number in EXPLAINED:
        (out / f"explain-{number}.json").write_bytes(commands.run_then("explain", str(number), "--json"))
        (out / f"explain-{number}.txt").write_bytes(commands.run_then("explain", str(number)))


PARTS = {"replay": replays, "extract": extractions, "feeds": feeds, "digest": digests}


def run_at_moment(arguments: Sequence[str]) -> int:
    """Run one command line in this process, whose clock stands still at the moment."""
    from importlib import import_module

    from worker.setup import deps

    with patch.object(deps, "Deps", partial(deps.Deps, now=lambda: MOMENT)):
        return int(import_module("worker.cli.main").main(arguments))


def main() -> int:
    if sys.argv[1:2] == ["--then"]:  # what a process of `Commands.run_then` is told
        return run_at_moment(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="a folder that is empty or not there")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=tuple(PARTS))
    parser.add_argument("--jobs", type=int, default=2, help="commands that run at once")
    given = parser.parse_args()
    data, out = given.data.resolve(), given.out.resolve()
    if out.exists() and any(out.iterdir()):
        parser.error(f"{out} is not empty")
    with tempfile.TemporaryDirectory(prefix="behaviour-") as folder, ThreadPoolExecutor(given.jobs) as pool:
        commands = Commands(Path(folder))
        tasks = []
        for part in given.only:
            (out / part).mkdir(parents=True)
            tasks += [pool.submit(task) for task in PARTS[part](commands, data, out / part)]
        for task in tasks:
            task.result()
    print(f"{sum(path.is_file() for path in out.rglob('*'))} files in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
