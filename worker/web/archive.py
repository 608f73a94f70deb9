"""A digest as a web page, for whoever holds its link."""

from __future__ import annotations

from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from worker.deps import Deps
from worker.digests import TokenError
from worker.storage import outbox
from worker.web.pages import notice


async def show_archive(request: Request) -> Response:
    """Show the digest the token names, as it was sent."""
    return await run_in_threadpool(_archive, request.app.state.deps, request.path_params["token"])


def _archive(deps: Deps, token: str) -> Response:
    try:
        key = deps.read_token("archive", token)["digest"]
    except TokenError as error:
        return notice("No such digest", str(error), status=404)
    if not isinstance(key, list) or len(key) != 3:
        return notice("No such digest", "This link is not valid; use the one in your mail.", status=404)
    subscription_id, kind, window_end = key
    with deps.reading() as session:
        html = outbox.read_archive(session, subscription_id, kind, datetime.fromisoformat(window_end))
    if html is None:
        return notice("No such digest", "This digest is no longer kept.", status=404)
    return HTMLResponse(html)
