"""How the service is, for a person and for a machine that watches it."""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from worker import __version__
from worker.errors import StorageError
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.storage.db import ticks
from worker.storage.feeds.feed_rows import assess_feeds
from worker.storage.reports import overview
from worker.web.pages import page

log = get_log(__name__)

_ADDRESS = re.compile(r"([^@\s<>\"]?)[^@\s<>\"]*@")


async def show_status(request: Request) -> Response:
    """Show counts, what is in trouble, and every feed, those that fare ill first."""
    return await run_in_threadpool(_status, request.app.state.deps)


async def show_health(request: Request) -> Response:
    """Answer 200 while the clock ticks and 503 when it does not, for a monitoring service."""
    return await run_in_threadpool(_health, request.app.state.deps)


def _status(deps: Deps) -> Response:
    now = deps.now()
    with deps.reading() as session:
        seen = overview.read_overview(session)
        watched = assess_feeds(session, now=now)
    watched.sort(key=lambda pair: pair[1].is_well)
    late = bool(deps.settings.clock.late_jobs(seen.ticks, now=now))
    mail = tuple(map(_without_addresses, seen.failed_deliveries))
    hosts = tuple(map(_without_addresses, seen.mail_hosts))
    return page(
        "status.html",
        seen=replace(seen, failed_deliveries=mail, mail_hosts=hosts),
        watched=watched,
        now=now,
        late=late,
        version=__version__,
    )


def _without_addresses(trouble: overview.Trouble) -> overview.Trouble:
    """Whoever can see this page need not see who subscribes."""
    return overview.Trouble(_ADDRESS.sub(r"\1…@", trouble.what), _ADDRESS.sub(r"\1…@", trouble.reason))


def _health(deps: Deps) -> Response:
    try:
        with deps.reading() as session:
            ticked = ticks.all_ticks(session)
    except StorageError as error:
        log.exception("database not usable", reason=str(error))
        return JSONResponse({"ok": False, "reason": "the database cannot be used"}, status_code=503)
    late = bool(deps.settings.clock.late_jobs(ticked, now=deps.now()))
    return JSONResponse({"ok": not late, "version": __version__}, status_code=503 if late else 200)
