"""Ending a subscription: by POST, as mail programs do it (RFC 8058); a GET only asks.

Mail scanners follow every link of a mail, so a GET must never change anything.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker.deps import Deps
from worker.digests import TokenError
from worker.storage import subscribers
from worker.web.pages import notice, page


async def confirm_unsubscribe(request: Request) -> Response:
    """Ask whether the subscription shall end."""
    return await run_in_threadpool(_confirm, request.app.state.deps, request.path_params["token"])


async def unsubscribe(request: Request) -> Response:
    """End the subscription at once: no login, no redirect, no question."""
    return await run_in_threadpool(_unsubscribe, request.app.state.deps, request.path_params["token"])


def _confirm(deps: Deps, token: str) -> Response:
    try:
        subscription_id = _subscription(deps, token)
    except TokenError as error:
        return notice("This link does not work", str(error), status=404)
    with deps.reading() as session:
        found = subscribers.read_subscription(session, subscription_id)
    if found is None or not found.active:
        return notice("Not subscribed", "This subscription has ended; no more digests will be sent.")
    return page("unsubscribe.html", topics=", ".join(found.topics), schedule=found.schedule)


def _unsubscribe(deps: Deps, token: str) -> Response:
    try:
        subscription_id = _subscription(deps, token)
    except TokenError as error:
        return notice("This link does not work", str(error), status=404)
    with deps.transaction() as session:
        subscribers.unsubscribe(session, subscription_id, reason="asked to, by the link in a digest")
    return notice("Unsubscribed", "Done: no more digests will be sent to this address.")


def _subscription(deps: Deps, token: str) -> int:
    return int(str(deps.read_token("unsubscribe", token)["subscription"]))
