"""The `storywatch` command: its subcommands, its exit codes, and how faults are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer._click.exceptions import ClickException, UsageError

from worker import __version__
from worker.cli.commands import CommandGroup
from worker.errors import ConfigurationError, SettingsError, StorageError, StorywatchError

EXIT_CODES = (
    "Exit codes: 0 done; 1 it could not be done; 2 a setting, file or command line is wrong; "
    "3 the database cannot be used; 130 interrupted."
)

app = typer.Typer(
    name="storywatch",
    cls=CommandGroup,
    help="Watch news feeds for a topic and mail each subscriber a digest of the stories.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"storywatch {__version__}")
        raise typer.Exit


@app.callback()
def _storywatch(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Watch news feeds for a topic and mail each subscriber a digest of the stories."""
    from worker.setup.logs import configure_logs  # structlog, which nobody pays for who asks for help

    # What a command prints is for people and pipes: events go to standard error, and only what is wrong.
    configure_logs("warning", "text")


def run() -> None:
    """Run the command line of this process and leave with its exit code."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; a fault is one line on standard error."""
    try:
        return int(app(list(arguments), prog_name="storywatch", standalone_mode=False) or 0)
    except ClickException as error:
        return _fail(_usage(error), error.exit_code)
    except SettingsError as error:
        return max(_fail(fault, 2) for fault in error.faults)
    except ConfigurationError as error:
        return _fail(str(error), 2)
    except StorageError as error:
        return _fail(str(error), 3)
    except StorywatchError as error:
        return _fail(str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        return _leave_pipe()
    except OSError as error:
        return _fail(f"{error.filename or 'the system'}: {error.strerror or error}", 1)


def _fail(message: str, code: int) -> int:
    if message:
        typer.echo(f"storywatch: {' '.join(message.split())}", err=True)
    return code


def _usage(error: ClickException) -> str:
    """The fault and where to read on; asking for nothing prints the help and needs no more words."""
    message = error.format_message()
    if isinstance(error, UsageError) and error.ctx is not None and message:
        return f"{message} (see '{error.ctx.command_path} --help')"
    return message


def _leave_pipe() -> int:
    """Whoever read our output has had enough: that is no fault, and the last flush must not make it one."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    run()
