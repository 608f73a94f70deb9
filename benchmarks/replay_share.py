"""Several processes that read one archive at once, each its share of the articles, as a service's workers would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from worker.errors import StorageError
from worker.replay.archive import read_archive
from worker.replay.replay import ReplayRules, read_share
from worker.setup.deps import copy_rules, story_rules
from worker.setup.embedder import load_embedder
from worker.setup.settings import load_settings
from worker.setup.topic_sources import read_topics
from worker.storage.db.database import Database

_PATIENCE = 300  # seconds for a lock: nobody ends these processes when they are late, and none may give up


def read_in_processes(
    archive: Path, topic_files: Sequence[Path], ids: Sequence[int], database: Database, *, workers: int
) -> Iterator[None]:
    """Read the archive in that many processes; yield after each article. Raises `StorageError` when one fails."""
    database.close()
    environment = {**os.environ, "DATABASE_URL": database.engine.url.render_as_string(hide_password=False)}
    job = {"archive": str(archive), "topics": list(map(str, topic_files)), "ids": list(ids), "step": workers}
    reading, writing = os.pipe()
    processes = []
    for first in range(workers):
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.replay_share"],
            stdin=subprocess.PIPE, stdout=writing, text=True, encoding="utf-8", env=environment,
        )  # fmt: skip
        processes.append(process)
        if process.stdin is not None:
            process.stdin.write(json.dumps({**job, "first": first}))
            process.stdin.close()
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as done:
            yield from (None for _ in done)
    finally:
        failed = sum(process.wait() != 0 for process in processes)
    if failed:
        raise StorageError(f"{failed} of {workers} processes failed; what went wrong stands above")


def main() -> None:
    """Read the share that standard input names; print an empty line after each article."""
    job = json.load(sys.stdin)
    settings = load_settings()
    topic_set = read_topics(list(map(Path, job["topics"])))
    rules = ReplayRules(topic_set, copy_rules(settings), story_rules(settings), load_embedder(settings))
    database = Database(settings.database, patience=_PATIENCE)
    archive = read_archive(Path(job["archive"]))
    for _ in read_share(archive, job["ids"], rules, database, first=job["first"], step=job["step"]):
        print(flush=True)
    database.close()


if __name__ == "__main__":
    main()
