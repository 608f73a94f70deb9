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
    band: Annotated[
        str | None, typer.Option(help="The weakest match that is told: strict, balanced (as it is) or wide.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="An empty database to read it into, which is kept.")
    ] = None,
) -> None:
    """Run articles through the real path (text, copies, stories, topics) in a database of its own."""
    from worker.cli.topics.choice import chosen_band
    from worker.replay.archive import read_archive
    from worker.replay.json_lines import write_json_lines
    from worker.replay.replay import replay_archive, replay_database
    from worker.setup.analysis_deps import analysis_rules
    from worker.setup.settings import load_settings

    least = chosen_band(band)
    rules = analysis_rules(load_settings(), topic or ())
    lines = read_archive(archive)
    watch = partial(watched, total=len(lines), label="Articles")
    with replay_database(database) as used:
        rows = replay_archive(lines, rules, used, band=least, watch=watch)
    count = write_json_lines(out, rows)
    remark(f"{count} articles replayed to {out}")
