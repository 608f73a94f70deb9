"""The server that runs the pages in the foreground: two listeners, the readers' and the owner's."""

from __future__ import annotations

import sys
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from worker.setup.deps import Deps
from worker.setup.logs import configure_logs
from worker.setup.settings import Settings
from worker.setup.tables import LOOPBACK
from worker.web.app import make_status_web, make_web
from worker.web.listening import Listener, listen, refusal
from worker.web.patience import PatientProtocol

_TAKEN = 1


def serve(settings: Settings) -> int:
    """Serve until stopped; return an exit code that is not 0 when the readers' port is taken."""
    configure_logs(settings.log_level, settings.log_format)
    web, deps = settings.web, Deps(settings)
    readers = _listen(web.host, web.port, "web.port")
    if readers is None:
        return _TAKEN
    owners = _listen(LOOPBACK, web.status_port, "web.status_port") if web.status_port else None
    if owners is not None:
        # With a loop, threads and connections of its own: what visitors do to the other keeps nobody out of this one.
        Thread(target=_run, args=(make_status_web(deps), owners), name="status", daemon=True).start()
    _run(make_web(deps), readers)
    return 0


def _listen(host: str, port: int, setting: str) -> Listener | None:
    try:
        return listen(host, port)
    except OSError as error:
        sys.stderr.write(f"storywatch: {refusal(setting, host, port, error)}\n")
        return None


def _run(app: ASGIApp, listener: Listener) -> None:
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=3,
        http=PatientProtocol,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])
