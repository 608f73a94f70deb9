"""Archives read by several processes at once: is the result that of one, and how fast does it come?

    python -m benchmarks.workers --data ../shared/bench [--workers 4] [--sets basil neus meantime semeval copies]

Every set goes through `storywatch replay`, which reads it in turn, then through several processes on SQLite and on
PostgreSQL: each reads its share of the articles and takes the same locks as a service's workers do. Printed are the
articles that were lost, those that stand elsewhere than with one process (as a copy of something else, or in a story
with others), and the articles a second, start of the processes included.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it also runs as a file

from benchmarks.dedupe.postgres import open_postgres, postgres_server
from worker.analysis.copy_candidates import compare, find_candidates
from worker.analysis.placing import place
from worker.analysis.recluster_stories import recluster_next
from worker.replay.archive import ArchivedArticle, arrivals, read_archive
from worker.replay.replay import discover_article, judge_article, replay_database, settled_forms
from worker.setup.analysis_deps import AnalysisRules, analysis_rules
from worker.setup.settings import load_settings
from worker.storage.db.database import Database, serialize_stories

SETS = ("basil", "neus", "meantime", "semeval", "copies")
_PATIENCE = 300  # seconds for a lock: nobody ends these processes when they are late, and none may give up

Rows = dict[str, dict[str, Any]]


def replay_at_once(path: Path, url: str | None, *, workers: int) -> list[dict[str, Any]]:
    """Return what `storywatch replay` would print of the archive, read by that many processes.

    The database of that URL must be empty; None is one that is thrown away. Raises `RuntimeError` when a process fails.
    """
    archive, rules = read_archive(path), analysis_rules(load_settings())
    times = arrivals([article.published for article in archive])
    with replay_database(url) as database:
        with database.transaction() as session:
            ids = [discover_article(session, article, at) for article, at in zip(archive, times, strict=True)]
        _read_in_processes(path, ids, database, workers=workers)
        return settled_forms(archive, ids, rules, database)


def _read_in_processes(path: Path, ids: Sequence[int], database: Database, *, workers: int) -> None:
    database.close()  # no connection of ours may be held by theirs
    environment = {**os.environ, "DATABASE_URL": database.engine.url.render_as_string(hide_password=False)}
    job = {"archive": str(path.absolute()), "ids": list(ids), "step": workers}
    processes = []
    for first in range(workers):
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.workers", "--share"],
            stdin=subprocess.PIPE, text=True, encoding="utf-8", env=environment, cwd=Path(__file__).parents[1],
        )  # fmt: skip
        processes.append(process)
        if process.stdin is not None:
            json.dump({**job, "first": first}, process.stdin)
            process.stdin.close()
    if failed := sum(process.wait() != 0 for process in processes):
        raise RuntimeError(f"{failed} of {workers} processes failed; what went wrong stands above")


def read_share(
    archive: Sequence[ArchivedArticle], ids: Sequence[int], rules: AnalysisRules, database: Database,
    *, first: int, step: int,
) -> None:  # fmt: skip
    """Read every `step`-th article beside other processes, just as the service would.

    Then look at the stories again, as the clock would have it, while others may still read.
    """
    times = arrivals([article.published for article in archive])
    for number in range(first, len(archive), step):
        article_id, now = ids[number], times[number]
        judgement = judge_article(archive[number], now, rules)
        with database.reading() as session:
            candidates = find_candidates(session, article_id, judgement, rules=rules.copies)
        alike = compare(candidates, rules=rules.copies)
        with database.transaction() as session:
            serialize_stories(session)
            place(session, article_id, judgement, now=now, rules=rules.copies, story_rules=rules.stories, before=alike)
    while archive and recluster_next(database, rules=rules.stories, now=max(times)).waiting:
        pass


def _share() -> None:
    """One process: the share that standard input names."""
    job = json.load(sys.stdin)
    settings, archive = load_settings(), read_archive(Path(job["archive"]))
    database = Database(settings.database, patience=_PATIENCE)
    read_share(archive, job["ids"], analysis_rules(settings), database, first=job["first"], step=job["step"])
    database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--share", action="store_true", help=argparse.SUPPRESS)  # what a process is told
    given = parser.parse_args()
    if given.share:
        _share()
        return
    if given.data is None:
        parser.error("--data is missing")
    with tempfile.TemporaryDirectory() as name, postgres_server(Path(name)) as server:
        for number, chosen in enumerate(given.sets):
            archive = archive_of(given.data, chosen, Path(name))
            alone, rate = timed(partial(replay, archive, Path(name)))
            print(f"{chosen}, {len(alone)} articles, 1 process on sqlite: {rate:.0f} a second", flush=True)
            database = open_postgres(server, number)
            database.close()
            url = database.engine.url.render_as_string(hide_password=False)
            for engine, place in (("sqlite", None), ("postgresql", url)):
                together, rate = timed(partial(replay_at_once, archive, place, workers=given.workers))
                told = f"{chosen}, {given.workers} processes on {engine}: {rate:.0f} a second"
                print(f"{told}, {differences(alone, together)}", flush=True)


def archive_of(data: Path, chosen: str, folder: Path) -> Path:
    if chosen != "copies":
        return data / "stories" / chosen / "IN.jsonl"
    made, source = folder / "copies.jsonl", data / "duplicates"
    run(source / "make_pairs.py", source / "base_dev.jsonl", made, folder / "gold.jsonl", "--seed", "7")
    return made


def replay(archive: Path, folder: Path) -> list[dict[str, Any]]:
    out = folder / "out.jsonl"
    run("-m", "worker.cli.main", "replay", archive, "--out", out)
    return list(map(json.loads, out.read_text(encoding="utf-8").splitlines()))


def timed(read: Callable[[], list[dict[str, Any]]]) -> tuple[Rows, float]:
    """By article what came of it, and how many were read a second."""
    started = time.monotonic()
    rows = {row["id"]: row for row in read()}
    return rows, len(rows) / (time.monotonic() - started)


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
