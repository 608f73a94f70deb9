"""Where the hubs of feeds call us (WebSub): to verify that we asked for word of a feed, and to give it.

What a hub gives is not read: it is a wake-up, and the feed is polled. It is answered with 202 though it is not its
hub's (WebSub, 7): who forges one learns nothing from the answer.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from worker.feeds import hubs
from worker.feeds.hubs import Ping, SignatureCheck
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.step import Wakeup, Wakeups
from worker.storage.sources import hub_subscriptions
from worker.storage.sources.hub_subscriptions import HubRecord

_DENIED_FOR = timedelta(days=1)
_LONGEST_CHALLENGE = 4_096  # characters
_LONGEST_REASON = 300

log = get_log(__name__)


async def verify_intent(request: Request) -> Response:
    """Answer a hub that asks whether we asked, by its own challenge; or hear that it does not want us."""
    asked = {name: request.query_params.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge", "reason")}
    lease = request.query_params.get("hub.lease_seconds", "")
    return await run_in_threadpool(_verify, request.app.state.deps, request.path_params["key"], asked, lease)


async def take_ping(request: Request) -> Response:
    """Take a hub's word that its feed has news, and have the feed polled."""
    deps: Deps = request.app.state.deps
    subscription = await run_in_threadpool(_find, deps, request.path_params["key"])
    if subscription is None or not subscription.is_watched:
        return PlainTextResponse("nobody here wants this", status_code=410)
    check, body_hash = SignatureCheck(subscription.secret, request.headers.get("x-hub-signature", "")), sha256()
    left = round(deps.settings.fetch.max_megabytes * 1_000_000)
    async for piece in request.stream():
        left -= len(piece)
        if left < 0:
            _ignored(subscription, f"it is larger than {deps.settings.fetch.max_megabytes:g} MB")
            return PlainTextResponse("too large", status_code=413)
        check.take(piece)
        body_hash.update(piece)
    if not check.holds():
        _ignored(subscription, "it is not signed with our secret")
    else:
        woken = await run_in_threadpool(_have_polled, deps, subscription.key, body_hash.hexdigest())
        await run_in_threadpool(request.app.state.wake, woken)
    return Response(status_code=202)


def _find(deps: Deps, key: str) -> HubRecord | None:
    with deps.reading() as session:
        return hub_subscriptions.find_by_key(session, key)


def _verify(deps: Deps, key: str, asked: dict[str, str], stated_lease: str) -> Response:
    now = deps.now()
    with deps.transaction() as session:
        subscription = hub_subscriptions.find_by_key(session, key)
        if subscription is None or not subscription.is_watched or asked["topic"] != subscription.link.topic:
            return _unasked()
        if asked["mode"] == "denied":
            reason = f"the hub refuses: {asked['reason'][:_LONGEST_REASON] or 'it does not say why'}"
            hub_subscriptions.save_denied(session, subscription, again_at=now + _DENIED_FOR, reason=reason)
            return Response(status_code=200)
        usable = 0 < len(asked["challenge"]) <= _LONGEST_CHALLENGE and subscription.state in ("asked", "active")
        if asked["mode"] != "subscribe" or not usable:
            return _unasked()
        if subscription.state == "asked":  # else it repeats itself, for our answer may have been lost
            lease = hubs.lease_of(stated_lease)
            renew_at = hubs.renewal_of(lease, now=now)
            hub_subscriptions.save_verified(session, subscription, expires_at=now + lease, renew_at=renew_at)
    return PlainTextResponse(asked["challenge"])


def _unasked() -> Response:
    return PlainTextResponse("nobody here asked for this", status_code=404)


def _have_polled(deps: Deps, key: str, body_hash: str) -> Wakeups:
    """Record the ping and make the feed due; what is due later, the clock will find."""
    now = deps.now()
    with deps.transaction() as session:
        subscription = hub_subscriptions.find_by_key(session, key)
        if subscription is None:
            return ()
        ping = Ping(now, body_hash)
        poll_at = hubs.wake_at(subscription.pings, ping)
        hub_subscriptions.save_ping(session, subscription, ping, poll_at=poll_at)
    if poll_at is None:
        _ignored(subscription, "it says what it said last")
    return (Wakeup("poll_feeds", subscription.feed_id),) if poll_at is not None and poll_at <= now else ()


def _ignored(subscription: HubRecord, why: str) -> None:
    log.warning("hub ping ignored", feed=subscription.feed_url, reason=why)
