"""How the service is, for a machine that watches it: the whole, and which part is ill."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from worker import __version__
from worker.delivery.diagnosis import PARTS, Ailment
from worker.delivery.operator import examine
from worker.errors import StorageError
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.storage.db.migrations import require_current

log = get_log(__name__)


async def show_health(request: Request) -> Response:
    """Answer 200 while everything does its work and 503 when a part does not; with `?verbose` say of each how it is."""
    return await run_in_threadpool(_health, request.app.state.deps, "verbose" in request.query_params)


async def show_live(_request: Request) -> Response:
    """Answer 200: this process answers."""
    return JSONResponse({"ok": True, "version": __version__})


async def show_ready(request: Request) -> Response:
    """Answer 200 while the database can be used and is at the schema of this code."""
    return await run_in_threadpool(_ready, request.app.state.deps)


def _health(deps: Deps, verbose: bool) -> Response:
    try:
        found = examine(deps)
    except StorageError as error:
        log.exception("database not usable", reason=str(error))
        parts: dict[str, object] = {"parts": {"database": {"ok": False}}} if verbose else {}
        return JSONResponse({"ok": False, "reason": "the database cannot be used", **parts}, status_code=503)
    well = not any(one.is_severe for one in found)
    said: dict[str, object] = {"ok": well, "version": __version__}
    if verbose:
        said["parts"] = {part: _of_part(part, found) for part in PARTS}
    return JSONResponse(said, status_code=200 if well else 503)


def _of_part(part: str, found: tuple[Ailment, ...]) -> dict[str, object]:
    """What is wrong with it by name: in what words stands in the operator's mail, for the page is anybody's."""
    names = [one.name for one in found if one.part == part]
    return {"ok": not names, "ill": names}


def _ready(deps: Deps) -> Response:
    try:
        require_current(deps.database)
    except StorageError as error:
        log.warning("not ready", reason=str(error))
        return JSONResponse({"ok": False, "reason": "the database cannot be used"}, status_code=503)
    return JSONResponse({"ok": True, "version": __version__})
