"""The step that asks a feed's hub to tell of its news, and asks again before its lease ends (WebSub, 5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from worker.errors import FetchError
from worker.feeds.hubs import ASKED_LEASE
from worker.net import Busy
from worker.retry import HUB_RETRIES
from worker.setup.base_deps import BaseDeps
from worker.setup.intake_deps import IntakeDeps
from worker.setup.logs import get_log
from worker.step import Beats, Save, Saved, Wakeups
from worker.storage.db.session import Session
from worker.storage.sources import hub_subscriptions
from worker.storage.sources.hub_subscriptions import HubRecord

_UNVERIFIED = "the hub was asked and has not verified it yet: it must reach web.base_url"

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the subscriptions to ask for: none where no hub could reach us."""
    if not deps.settings.web.base_url:
        return ()
    with deps.reading() as session:
        return hub_subscriptions.waiting_subscriptions(session, now=deps.now(), limit=limit)


def subscribe_hub(deps: IntakeDeps, subscription_id: int) -> Wakeups:
    """Ask the hub; its own visit to us (`worker/web/websub.py`) makes the subscription one."""
    beats = Beats(
        claim=hub_subscriptions.claim_subscription, is_held=hub_subscriptions.is_held, work=partial(_ask, deps)
    )
    return beats.take(deps, subscription_id)


def _ask(deps: IntakeDeps, row: HubRecord) -> Save:
    place = deps.feed_hosts.enter(row.link.hub)
    if isinstance(place, Busy):
        return Save(partial(_postpone, deps, row, place.turn or place.wait))
    started, fault = deps.now(), None
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        deps.poster.post(row.link.hub, _form(deps, row), headers=headers)
    except FetchError as error:
        fault = error
    finally:
        deps.feed_hosts.leave(place, deps.now() - started)
    return Save(partial(_save, deps, row, fault))


def _form(deps: IntakeDeps, row: HubRecord) -> bytes:
    asked = {
        "hub.mode": "subscribe",
        "hub.topic": row.link.topic,
        "hub.callback": f"{deps.settings.web_url}/websub/{row.key}",
        "hub.secret": row.secret,
        "hub.lease_seconds": ASKED_LEASE // timedelta(seconds=1),
    }
    return urlencode(asked).encode("ascii")


def _postpone(deps: IntakeDeps, row: HubRecord, wait: timedelta, session: Session) -> Saved:
    hub_subscriptions.postpone(session, row.id, until=deps.now() + wait)
    return Saved()


def _save(deps: IntakeDeps, row: HubRecord, fault: FetchError | None, session: Session) -> Saved:
    now, asked = deps.now(), fault.retry_after if fault else None
    again_at = HUB_RETRIES.next_try(row.attempts, now=now, jitter=deps.jitter(), asked=asked) or now
    said = str(fault) if fault else _UNVERIFIED
    hub_subscriptions.save_asked(session, row.id, again_at=again_at, reason=said, failed=fault is not None)
    if fault is None:
        return Saved()
    return Saved(says=partial(log.warning, "hub refuses", feed=row.feed_url, reason=said))
