"""`storywatch init`: a configuration to begin with."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.terminal import say
from worker.errors import ConfigurationError

STARTER_FILES = ("storywatch.toml", "feeds.opml")


def init(
    folder: Annotated[Path, typer.Option(help="Where to write; made when it is not there.")] = Path(),
    show: Annotated[bool, typer.Option("--print", help="Print storywatch.toml instead of writing it.")] = False,
) -> None:
    """Write storywatch.toml, with every setting in it, and feeds.opml, with feeds to start from."""
    if show:
        typer.echo(starter("storywatch.toml"), nl=False)
        return
    for name in STARTER_FILES:
        if (folder / name).exists():
            raise ConfigurationError(f"{folder / name} is there already: nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for name in STARTER_FILES:
        with (folder / name).open("x", encoding="utf-8") as file:
            file.write(starter(name))
    say(f"Written: {' and '.join(str(folder / name) for name in STARTER_FILES)}")
    say("Next: add yourself under [[subscribers]], then 'storywatch run'")


def starter(name: str) -> str:
    """Return a starter file's text."""
    return (files("worker.cli") / "starter" / name).read_text(encoding="utf-8")
