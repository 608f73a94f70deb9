"""`storywatch run`: the whole service in the foreground."""

from __future__ import annotations

import os

import typer

from worker.service.running import running_service
from worker.setup.logs import configure_logs, get_log
from worker.setup.settings import Settings, config_path, load_settings

log = get_log(__name__)


def run() -> None:
    """Run the whole service in the foreground until Ctrl-C: fetch, read, match, mail, and the web pages."""
    from worker.delivery.start_checks import start_warnings
    from worker.setup.deps import Deps

    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    if os.geteuid() == 0:
        log.warning("running as root", advice="give the service an account of its own, see docs/operations.md")
    with running_service(settings) as supervisor:
        typer.echo(
            f"Storywatch is running. Status: {_status_page(settings)}\n"
            f"Configuration: {config_path() if config_path().is_file() else 'none (defaults)'}\n"
            + (
                f"Mail: through {settings.mail.host}\n"
                if settings.mail.host
                else f"Outbox: {settings.outbox_folder} (no SMTP host is set)\n"
            )
            + "Stop with Ctrl-C."
        )
        for line in start_warnings(Deps(settings)):
            typer.echo(f"Warning: {line}", err=True)
        supervisor.watch()
        typer.echo("Stopping…")
    typer.echo("Stopped.")


def _status_page(settings: Settings) -> str:
    return f"{settings.status_url}/ (or 'storywatch status')" if settings.status_url else "'storywatch status'"
