"""Asking at a terminal: a line, a choice, yes or no. What cannot be used is said, and asked again."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import TypeVar

import typer

from worker.cli.terminal import say
from worker.errors import ConfigurationError, StorywatchError

_Answer = TypeVar("_Answer")
_WIDEST = 80  # columns: longer lines are hard to read


def can_ask() -> bool:
    """Whether there is a person at both ends of this program."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def explain(text: str, *, indent: str = "") -> None:
    """Print a paragraph."""
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    say(textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False))


def ask(question: str, check: Callable[[str], _Answer], *, default: str = "", secret: bool = False) -> _Answer:
    """Return what `check` makes of the line that is typed; what it refuses is asked for again."""
    while True:
        typed = typer.prompt(question, default=default, show_default=bool(default), hide_input=secret)
        try:
            return check(str(typed).strip())
        except StorywatchError as error:
            explain(str(error), indent="  ")


def choose(question: str, options: Sequence[tuple[str, str]], *, default: int = 1) -> str:
    """Return the name of the option that is chosen, by its number or its name."""
    width = max(len(name) for name, _ in options) + 2
    for number, (name, told) in enumerate(options, 1):
        say(f"  {number:2} {name:{width}}{told}".rstrip())
    names = [name for name, _ in options]

    def check(typed: str) -> str:
        if typed in names:
            return typed
        if typed.isdecimal() and 1 <= int(typed) <= len(names):
            return names[int(typed) - 1]
        raise ConfigurationError(f"{typed[:40]!r} is none of them: type a number from 1 to {len(names)}")

    return ask(question, check, default=str(default))


def agree(question: str, *, default: bool = True) -> bool:
    """Return whether the person says yes."""
    return bool(typer.confirm(question, default=default))
