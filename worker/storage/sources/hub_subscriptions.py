"""Subscriptions at feeds' hubs: wanted, asked for, verified, renewed; and the pings that come by them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models import Feed, HubSubscription
from worker.feeds import HubLink
from worker.feeds.hubs import Ping, PingHistory
from worker.storage.db.claims import claim, still_held

_STATES = ("wanted", "asked", "active", "failed")


@dataclass(frozen=True, slots=True)
class HubRecord:
    """A subscription as a step or a hub's visit needs it."""

    id: int
    feed_id: int
    link: HubLink
    key: str
    secret: str = field(repr=False)
    state: str
    attempts: int
    lease_until: datetime | None
    expires_at: datetime | None
    pings: PingHistory
    is_watched: bool
    feed_url: str


@dataclass(frozen=True, slots=True)
class HubStatus:
    """A subscription as people see it, with its feed's address; `told_until` is set while the hub is relied on."""

    url: str
    hub: str
    state: str
    expires_at: datetime | None
    pinged_at: datetime | None
    told_until: datetime | None
    reason: str


def announce_hub(session: Session, feed_id: int, link: HubLink | None, *, key: str, secret: str) -> int | None:
    """Want a subscription at the hub that the feed announces; return its id where that is new.

    `key` and `secret` are for a new one. Of a feed that announces none any more, or another, the old one is dropped.
    """
    known = session.scalar(select(HubSubscription).where(HubSubscription.feed_id == feed_id))
    if known is not None and link is not None and (known.hub, known.topic) == (link.hub, link.topic):
        return None
    if known is not None:
        session.execute(delete(HubSubscription).where(HubSubscription.id == known.id))
        session.expunge(known)
        trust_hub(session, feed_id, until=None)
    if link is None:
        return None
    row = HubSubscription(feed_id=feed_id, hub=link.hub, topic=link.topic, key=key, secret=secret, state="wanted")
    session.add(row)
    session.flush()
    return row.id


def waiting_subscriptions(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return the subscriptions of watched feeds that are to be asked for now, or once more."""
    due = (
        select(HubSubscription.id)
        .join(Feed, Feed.id == HubSubscription.feed_id)
        .where(Feed.active)
        .where(or_(HubSubscription.next_try_at.is_(None), HubSubscription.next_try_at <= now))
        .where(or_(HubSubscription.lease_until.is_(None), HubSubscription.lease_until <= now))
    )
    return list(session.scalars(due.order_by(HubSubscription.id).limit(limit)))


def claim_subscription(session: Session, subscription_id: int, *, now: datetime, lease: timedelta) -> HubRecord | None:
    """Lease the subscription for asking its hub, or return None when it is not to be had.

    It counts as asked from now on: a hub may verify before it has answered.
    """
    if not claim(session, HubSubscription, subscription_id, states=_STATES, becomes="asked", now=now, lease=lease):
        return None
    return _record(session, HubSubscription.id == subscription_id)


def is_held(session: Session, subscription: HubRecord) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    until = subscription.lease_until
    return until is not None and still_held(session, HubSubscription, subscription.id, until)


def save_asked(session: Session, subscription_id: int, *, again_at: datetime, reason: str, failed: bool) -> None:
    """Record how asking the hub went, and when to ask again unless it verifies; where it has by now, that stands."""
    row = session.get_one(HubSubscription, subscription_id, populate_existing=True)
    row.lease_until = None
    if row.state == "asked":
        row.state, row.next_try_at, row.reason = "failed" if failed else "asked", again_at, reason


def postpone(session: Session, subscription_id: int, *, until: datetime) -> None:
    """Give back a claim whose hub was busy: the attempt does not count."""
    row = session.get_one(HubSubscription, subscription_id, populate_existing=True)
    row.lease_until, row.next_try_at, row.attempts = None, until, max(row.attempts - 1, 0)


def find_by_key(session: Session, key: str) -> HubRecord | None:
    """Return the subscription that a hub calls by this key."""
    return _record(session, HubSubscription.key == key)


def subscription_of(session: Session, feed_id: int) -> HubRecord | None:
    """Return the feed's subscription."""
    return _record(session, HubSubscription.feed_id == feed_id)


def save_verified(session: Session, subscription: HubRecord, *, expires_at: datetime, renew_at: datetime) -> None:
    """The hub has taken the subscription; a feed that is told goes on being told."""
    row = session.get_one(HubSubscription, subscription.id)
    row.state, row.expires_at, row.next_try_at, row.attempts, row.reason = "active", expires_at, renew_at, 0, None
    told = update(Feed).where(Feed.id == subscription.feed_id, Feed.told_until.is_not(None))
    session.execute(told.values(told_until=expires_at))


def save_denied(session: Session, subscription: HubRecord, *, again_at: datetime, reason: str) -> None:
    """The hub does not want us, or does not any more."""
    row = session.get_one(HubSubscription, subscription.id)
    row.state, row.expires_at, row.next_try_at, row.reason = "failed", None, again_at, reason
    trust_hub(session, subscription.feed_id, until=None)


def save_ping(session: Session, subscription: HubRecord, ping: Ping, *, poll_at: datetime | None) -> None:
    """Record a ping, and have the feed polled at that moment; until that brings news, the hub is not relied on.

    A feed that failed last is polled when it would be: its host may want to be left alone.
    """
    row = session.get_one(HubSubscription, subscription.id)
    row.in_vain += 1
    if poll_at is None:
        return
    row.pinged_at, row.ping_hash = ping.at, ping.body_hash
    sooner = update(Feed).where(Feed.id == subscription.feed_id)
    session.execute(sooner.values(told_until=None))
    session.execute(sooner.where(Feed.next_poll_at > poll_at, Feed.failures == 0).values(next_poll_at=poll_at))


def save_proven(session: Session, subscription: HubRecord) -> None:
    """What the hub told of was there: it is relied on as long as its lease lasts."""
    row = session.get_one(HubSubscription, subscription.id)
    row.in_vain = 0
    trust_hub(session, subscription.feed_id, until=row.expires_at)


def trust_hub(session: Session, feed_id: int, *, until: datetime | None) -> None:
    """Rely on the feed's hub until then; on none where that is None."""
    session.execute(update(Feed).where(Feed.id == feed_id).values(told_until=until))


def list_hubs(session: Session) -> list[HubStatus]:
    """Return the subscriptions of the watched feeds, by address."""
    columns = (
        Feed.url, HubSubscription.hub, HubSubscription.state, HubSubscription.expires_at, HubSubscription.pinged_at,
        Feed.told_until, HubSubscription.reason,
    )  # fmt: skip
    listed = select(*columns).join(Feed, Feed.id == HubSubscription.feed_id).where(Feed.active).order_by(Feed.url)
    return [HubStatus(*row[:-1], reason=row[-1] or "") for row in session.execute(listed)]


def _record(session: Session, which: object) -> HubRecord | None:
    found = select(HubSubscription, Feed.active, Feed.url).join(Feed, Feed.id == HubSubscription.feed_id).where(which)  # type: ignore[arg-type]
    one = session.execute(found.execution_options(populate_existing=True)).one_or_none()
    if one is None:
        return None
    row, active, url = one
    last = Ping(row.pinged_at, row.ping_hash or "") if row.pinged_at else None
    return HubRecord(
        row.id, row.feed_id, HubLink(row.hub, row.topic), row.key, row.secret, row.state, row.attempts,
        row.lease_until, row.expires_at, PingHistory(last, row.in_vain), active, url,
    )  # fmt: skip
