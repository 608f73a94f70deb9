"""The ports that the pages stand at: taken, or in somebody else's hands."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TypeAlias

from worker.setup.settings import Settings
from worker.setup.tables import LOOPBACK

Listener: TypeAlias = socket.socket


def listen(host: str, port: int) -> Listener:
    """Take a port. Raises `OSError` where that cannot be done."""
    return socket.create_server((host, port), backlog=128)


def name_taken(settings: Settings) -> dict[str, str]:
    """Return what keeps the readers' and the owner's pages from their ports now, by setting."""
    return dict(_name_taken(settings))


def refusal(setting: str, host: str, port: int, error: OSError) -> str:
    """Return what is said of a port that cannot be had."""
    return (
        f"{setting} {port} on {host} cannot be used ({error.strerror}): set another {setting}; everything else goes on"
    )


def _name_taken(settings: Settings) -> Iterator[tuple[str, str]]:
    web = settings.web
    for setting, host, port in (("web.port", web.host, web.port), ("web.status_port", LOOPBACK, web.status_port)):
        try:
            if port:
                listen(host, port).close()
        except OSError as error:
            yield setting, refusal(setting, host, port, error)
