"""`storywatch archive`: articles from elsewhere, read as if the service had been there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from worker.analysis.json_values import plain
from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, answer, watched

archive_app = typer.Typer(name="archive", help="Articles from elsewhere.", no_args_is_help=True)


@archive_app.callback()
def _archive() -> None:
    """Articles from elsewhere."""


@archive_app.command()
def load(
    archive: Annotated[
        Path, typer.Argument(metavar="IN.jsonl", help="Lines of id, title, text, url, published, language.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Read the articles of a file into the database, the real way, and mail none; again changes nothing."""
    from worker.replay.archive import read_archive
    from worker.replay.loading import load_archive

    lines, deps = read_archive(archive), open_installation()
    done = load_archive(lines, deps, watch=partial(watched, total=len(lines), label="Articles"))
    line = f"{done.articles} articles loaded, {done.copies} of them copies; {done.known} were known"
    answer(plain(done), f"{line}{_about(done.matches or {})}", as_json=as_json)


def _about(matches: Mapping[str, int]) -> str:
    return "".join(f"\n{topic}: {count} match" for topic, count in sorted(matches.items()))
