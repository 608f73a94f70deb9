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
) -> None:
    """Run articles through the real path (text, copies, stories, topics) in a database of its own."""
    from worker import topics
    from worker.cli.archive import read_archive
    from worker.cli.json_lines import write_json_lines
    from worker.cli.replaying import replay_archive
    from worker.deps import copy_rules, story_rules
    from worker.embedder import load_embedder
    from worker.settings import load_settings
    from worker.topic_sources import read_topic

    settings = load_settings()
    used = [read_topic(path) for path in topic] if topic else topics.builtin_topics()
    by_name = {one.name: one for one in used}
    lines = read_archive(archive)
    watch = partial(watched, total=len(lines), label="Articles")
    used_topics = topics.TopicSet(tuple(by_name.values()))
    rows = replay_archive(
        lines, used_topics, rules=copy_rules(settings), story_rules=story_rules(settings),
        embed=load_embedder(settings), watch=watch,
    )  # fmt: skip
    count = write_json_lines(out, rows)
    remark(f"{count} articles replayed to {out}")
