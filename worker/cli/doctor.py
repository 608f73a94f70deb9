"""`storywatch doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, say, write_json
from worker.errors import ConfigurationError, SettingsError, StorageError

if TYPE_CHECKING:
    from worker.service.doctor.finding import Finding

_WIDTHS = 6, 15  # of the first two columns
_WIDEST = 100
_MEND = "mend it, and ask the doctor again"


def doctor(as_json: JsonOption = False) -> None:
    """Look at settings, database, disk, clock, feeds, topics, mail and pages; say what to do. 1: something is ill."""
    from worker.service.doctor.finding import Health

    found = list(_look())
    if as_json:
        write_json(found)
    for one in () if as_json else found:
        _show(one)
    if any(one.health is Health.ILL for one in found):
        raise typer.Exit(1)


def _look() -> Iterator[Finding]:
    from worker.service.doctor.finding import ill
    from worker.service.doctor.rounds import look_at_all
    from worker.setup.deps import Deps
    from worker.setup.settings import config_path, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        yield from (ill("configuration", fault, _MEND) for fault in error.faults)
        return
    except ConfigurationError as error:
        yield ill("configuration", str(error), _MEND)
        return
    if config_path().is_file():
        with suppress(StorageError):  # of which the round has more to say
            try:
                open_installation().database.close()
            except ConfigurationError as error:
                yield ill("configuration", str(error), _MEND)
    yield from look_at_all(Deps(settings))


def _show(one: Finding) -> None:
    """Print what was found below its part, and what to do below that."""
    first, second = _WIDTHS
    margin, width = " " * (first + second), min(_WIDEST, shutil.get_terminal_size().columns)
    head = f"{one.health.value:{first}}{one.part:{second}}"
    say(textwrap.fill(one.said, width, initial_indent=head, subsequent_indent=margin, break_long_words=False))
    if one.advice:
        say(textwrap.fill(one.advice, width, initial_indent=f"{margin}→ ", subsequent_indent=f"{margin}  "))
