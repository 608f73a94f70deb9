"""`storywatch run`: the whole service in the foreground."""

from __future__ import annotations

import os
from collections.abc import Iterable

import typer

from worker.service.running import running_service
from worker.setup.logs import configure_logs, get_log
from worker.setup.settings import Settings, config_path, load_settings
from worker.web.listening import name_taken

log = get_log(__name__)

_COMMAND = "'storywatch status'"


def run() -> None:
    """Run the whole service in the foreground until Ctrl-C: fetch, read, match, mail, and the web pages."""
    from worker.delivery.start_checks import start_warnings
    from worker.setup.deps import Deps

    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    if os.geteuid() == 0:
        log.warning("running as root", advice="give the service an account of its own, see docs/operations.md")
    taken = name_taken(settings)  # asked before our own pages stand there
    with running_service(settings) as supervisor:
        _warn(taken.values())
        typer.echo(_welcome(settings, has_page="web.status_port" not in taken))
        _warn(start_warnings(Deps(settings)))  # which may take a while
        supervisor.watch()
        typer.echo("Stopping…")
    typer.echo("Stopped.")


def _warn(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(f"Warning: {line}", err=True)


def _welcome(settings: Settings, *, has_page: bool) -> str:
    """What is said once the service runs."""
    page = f"{settings.status_url}/ (or 'storywatch status')" if settings.status_url and has_page else ""
    return "\n".join(
        (
            f"Storywatch is running. Status: {page or _COMMAND}",
            f"Configuration: {config_path() if config_path().is_file() else 'none (defaults)'}",
            f"Mail: through {settings.mail.host}" if settings.mail.host
            else f"Outbox: {settings.outbox_folder} (no SMTP host is set)",
            "Stop with Ctrl-C.",
        )
    )  # fmt: skip
