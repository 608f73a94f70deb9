"""How the service is, for a person and for a machine that watches it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from worker import __version__, feeds
from worker.deps import Deps
from worker.errors import StorageError
from worker.storage import feeds as feed_rows
from worker.storage import overview, ticks
from worker.sweeping import clock_is_late
from worker.web.pages import page


async def show_status(request: Request) -> Response:
    """Show counts, the health of every feed, and what waits in the outbox."""
    return await run_in_threadpool(_status, request.app.state.deps)


async def show_health(request: Request) -> Response:
    """Answer 200 while the clock ticks and 503 when it does not, for a monitoring service."""
    return await run_in_threadpool(_health, request.app.state.deps)


def _status(deps: Deps) -> Response:
    now = deps.now()
    with deps.reading() as session:
        seen = overview.read_overview(session)
        watched = [(feed, feeds.assess(feed.facts, now=now)) for feed in feed_rows.list_feeds(session)]
    late = clock_is_late(seen.ticks, deps.settings.clock, now=now)
    return page("status.html", seen=seen, watched=watched, now=now, late=late, version=__version__)


def _health(deps: Deps) -> Response:
    try:
        with deps.reading() as session:
            ticked = ticks.all_ticks(session)
    except StorageError as error:
        return JSONResponse({"ok": False, "reason": str(error)}, status_code=503)
    late = clock_is_late(ticked, deps.settings.clock, now=deps.now())
    return JSONResponse({"ok": not late, "version": __version__}, status_code=503 if late else 200)
