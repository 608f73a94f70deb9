"""A digest as a web page, for whoever holds its link."""

from __future__ import annotations

from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from worker.digests import Catalog, TokenError
from worker.setup.deps import Deps
from worker.storage.digests import outbox
from worker.web.pages import notice, refusal
from worker.web.speech import asked_for


async def show_archive(request: Request) -> Response:
    """Show the digest the token names, whole; what was left out of it stands on further pages."""
    token, number = request.path_params["token"], request.path_params.get("number", 1)
    return await run_in_threadpool(_archive, request.app.state.deps, token, number, asked_for(request))


def _archive(deps: Deps, token: str, number: int, say: Catalog) -> Response:
    try:
        key = deps.read_token("archive", token).get("digest")
    except TokenError as error:
        return refusal(error, say)
    html = None
    if isinstance(key, list) and len(key) == 3 and 0 < number < 1000:
        with deps.reading() as session:
            html = outbox.read_archived_digest(
                session, int(key[0]), str(key[1]), datetime.fromisoformat(key[2]), number
            )
    if html is None:
        text = say.gettext("This digest is no longer kept.")
        return notice(say.gettext("No such digest"), text, status=404, say=say)
    return HTMLResponse(html)
