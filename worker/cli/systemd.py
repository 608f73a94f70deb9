"""`storywatch systemd`: the unit that keeps the service running."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.terminal import say
from worker.errors import ConfigurationError
from worker.service.systemd_unit import Unit
from worker.setup.settings import config_path, load_settings


def systemd(
    install: Annotated[bool, typer.Option("--install", help="Write it where systemd looks for it.")] = False,
    show: Annotated[bool, typer.Option("--print", help="Print it, which is what happens without --install.")] = False,
    user: Annotated[
        str | None,
        typer.Option(help="The service's account. Default: the folder's owner; '' makes a unit of your own account."),
    ] = None,
) -> None:
    """Print or install a hardened systemd unit for the installation in this folder."""
    if install and show:
        raise ConfigurationError("--install and --print exclude each other: take one of them")
    unit = _unit(user)
    if not install:
        typer.echo(unit.text, nl=False)
        return
    if not config_path().is_file():
        raise ConfigurationError(f"there is no {config_path()}: run 'storywatch init' first, in the service's folder")
    place = Path.home() / unit.path  # of two paths, one that begins at the root stands for both
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(unit.text, encoding="utf-8")
    say(f"Written: {place}")
    say("Next: " + "; ".join(unit.commands))


def _unit(user: str | None) -> Unit:
    settings, folder = load_settings(), config_path().parent
    writable = tuple(place.absolute() for place in (settings.data_folder, settings.outbox_folder))
    return Unit(_account(folder) if user is None else user, config_path(), _program(), writable)


def _account(folder: Path) -> str:
    """For root, who owns the folder; others have units of their own."""
    return "" if os.geteuid() else folder.owner()


def _program() -> Path:
    """The `storywatch` that this Python has."""
    return Path(sys.executable).parent / "storywatch"
