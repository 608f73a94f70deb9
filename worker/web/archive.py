"""A digest as a web page, for whoever holds its link; and the list of all that a subscriber has had."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from worker import digests
from worker.digests import Catalog, TokenError
from worker.setup.deps import Deps
from worker.storage.digests import outbox, subscribers
from worker.storage.digests.past_digests import PastDigest, past_digests
from worker.web.pages import gone, notice, page, refusal
from worker.web.speech import asked_for, speak


async def show_archive(request: Request) -> Response:
    """Show the digest the token names, whole; what was left out of it stands on further pages."""
    token, number = request.path_params["token"], request.path_params.get("number", 1)
    return await run_in_threadpool(_archive, request.app.state.deps, token, number, asked_for(request))


async def list_archive(request: Request) -> Response:
    """Show the digests that a subscriber has had, the latest first, each with a link to it."""
    return await run_in_threadpool(_past, request.app.state.deps, request.path_params["token"], asked_for(request))


def _past(deps: Deps, token: str, say: Catalog) -> Response:
    try:
        subscription_id = int(str(deps.read_token("archives", token)["subscription"]))
    except TokenError as error:
        return refusal(error, say)
    with deps.reading() as session:
        reader = subscribers.read_subscription(session, subscription_id)
        past = past_digests(session, subscription_id)
    if reader is None:
        return gone(say)
    say, where = speak(reader.subscriber.language), digests.zone_of(reader.subscriber.zone)
    rows = [(_ended(one, where, say), _counted(one, say), f"/archive/{_token(deps, one)}") for one in past]
    return page("past.html", say=say, address=reader.subscriber.address, rows=rows)


def _ended(digest: PastDigest, where: ZoneInfo, say: Catalog) -> str:
    local = digest.window_end.astimezone(where)
    return f"{say.day_of_year(local.date())}, {local:%H:%M}"


def _counted(digest: PastDigest, say: Catalog) -> str:
    return say.ngettext("%(num)s story", "%(num)s stories", digest.stories)


def _token(deps: Deps, digest: PastDigest) -> str:
    return deps.sign("archive", {"digest": [digest.subscription_id, digest.kind, digest.window_end.isoformat()]})


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
