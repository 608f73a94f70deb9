"""Ending a subscription: by POST, as mail programs do it (RFC 8058); a GET only asks.

Mail scanners follow every link of a mail, so a GET must never change anything.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker.digests import Catalog, TokenError
from worker.setup.deps import Deps
from worker.storage.digests import subscribers
from worker.web import choices
from worker.web.pages import notice, page, refusal
from worker.web.speech import asked_for, speak


async def confirm_unsubscribe(request: Request) -> Response:
    """Ask whether the subscription shall end."""
    return await run_in_threadpool(_confirm, request.app.state.deps, request.path_params["token"], asked_for(request))


async def unsubscribe(request: Request) -> Response:
    """End the subscription at once: no login, no redirect, no question."""
    return await run_in_threadpool(
        _unsubscribe, request.app.state.deps, request.path_params["token"], asked_for(request)
    )


def _confirm(deps: Deps, token: str, say: Catalog) -> Response:
    try:
        subscription_id = _subscription(deps, token)
    except TokenError as error:
        return refusal(error, say)
    with deps.reading() as session:
        found = subscribers.read_subscription(session, subscription_id)
    if found is None or not found.active:
        text = say.gettext("This subscription has ended; no more digests will be sent.")
        return notice(say.gettext("Not subscribed"), text, say=say)
    say = speak(found.subscriber.language)
    return page("unsubscribe.html", say=say, asked=choices.described(deps, found, say))


def _unsubscribe(deps: Deps, token: str, say: Catalog) -> Response:
    try:
        subscription_id = _subscription(deps, token)
    except TokenError as error:
        return refusal(error, say)
    with deps.transaction() as session:
        subscribers.unsubscribe(session, subscription_id, reason="asked to, by the link in a digest")
        found = subscribers.read_subscription(session, subscription_id)
    say = speak(found.subscriber.language) if found else say
    text = say.gettext("Done: no more digests will be sent to this address.")
    return notice(say.gettext("Unsubscribed"), text, say=say)


def _subscription(deps: Deps, token: str) -> int:
    return int(str(deps.read_token("unsubscribe", token)["subscription"]))
