"""`storywatch replay`: how a rule, a topic or a threshold fares on an archive."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.terminal import remark, watched


def replay(
    archive: Annotated[
        Path, typer.Argument(metavar="IN.jsonl", help="Lines of id, title, text, url, published, language.")
    ],
    out: Annotated[Path, typer.Option(help="The JSON lines to write, one for each article.")],
    topic: Annotated[
        list[Path] | None, typer.Option(help="A topic file; again for more. Without, the built-in topics.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="So many processes read at once, as a service's do: in no fixed order.")
    ] = 1,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="An empty database to read it into, which is kept.")
    ] = None,
) -> None:
    """Run articles through the real path (text, copies, stories, topics) in a database of its own."""
    from benchmarks.replay_share import read_in_processes
    from worker.replay.archive import read_archive
    from worker.replay.json_lines import write_json_lines
    from worker.replay.replay import ReplayRules, replay_archive, replay_database
    from worker.setup.deps import copy_rules, story_rules
    from worker.setup.embedder import load_embedder
    from worker.setup.settings import load_settings
    from worker.setup.topic_sources import read_topics

    settings, files = load_settings(), topic or []
    rules = ReplayRules(read_topics(files), copy_rules(settings), story_rules(settings), load_embedder(settings))
    lines = read_archive(archive)
    watch = partial(watched, total=len(lines), label="Articles")
    with replay_database(database) as used:
        at_once = partial(read_in_processes, archive, files, database=used, workers=workers) if workers > 1 else None
        rows = replay_archive(lines, rules, used, read_at_once=at_once, watch=watch)
    count = write_json_lines(out, rows)
    remark(f"{count} articles replayed to {out}")
