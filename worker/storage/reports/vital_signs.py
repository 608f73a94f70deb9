"""The few numbers by which it is seen whether the installation works: cheap enough to be read every minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Delivery, Feed, FeedPoll
from worker.storage.db.ticks import WATCHED_SINCE, all_ticks
from worker.storage.digests.mail_hosts import failing_hosts

_MAIL = "email"  # the channel
_FAILURES = 3  # polls in a row after which a feed counts as failing


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """`blamed` is what a mail server holds against us, not against a mail: its latest words, None where there are none.

    `resting` are mail servers that are left alone, with what they said last; `last_read` is when any feed was had.
    Since then, and since the service is watched, `vain_feeds` were polled in vain, the first at `vain_since`;
    `oldest_due` is when the feed had to be polled that has waited longest. `shut_out` is what a webhook holds against
    us.
    """

    ticks: Mapping[str, datetime]
    feeds: int
    failing_feeds: int
    last_read: datetime | None
    blamed: str | None
    resting: Mapping[str, str]
    oldest_due: datetime | None = None
    vain_feeds: int = 0
    vain_since: datetime | None = None
    shut_out: str | None = None


def read_vital_signs(session: Session) -> VitalSigns:
    """Look at them."""
    ticks = all_ticks(session)
    active = select(func.count(), func.max(Feed.last_success_at), func.min(Feed.next_poll_at)).where(Feed.active)
    feeds, last_read, oldest_due = session.execute(active).one()
    failing = select(func.count()).where(Feed.active, Feed.failures >= _FAILURES)
    vain_feeds, vain_since = _in_vain(session, max(filter(None, (last_read, ticks.get(WATCHED_SINCE))), default=None))
    by_mail = Delivery.channel == _MAIL
    return VitalSigns(
        ticks=ticks, feeds=feeds, last_read=last_read, failing_feeds=session.scalar(failing) or 0,
        blamed=_blamed(session, by_mail), shut_out=_blamed(session, ~by_mail),
        resting={host.host: host.reason or "" for host in failing_hosts(session)},
        oldest_due=oldest_due, vain_feeds=vain_feeds, vain_since=vain_since,
    )  # fmt: skip


def _in_vain(session: Session, since: datetime | None) -> tuple[int, datetime | None]:
    """How many feeds were polled since nothing has been had, and when the first of those polls was."""
    if since is None:
        return 0, None
    polls = select(func.count(FeedPoll.feed_id.distinct()), func.min(FeedPoll.at)).where(FeedPoll.at > since)
    feeds, first = session.execute(polls).one()
    return feeds, first


def _blamed(session: Session, which: ColumnElement[bool]) -> str | None:
    """What was tried, is tried again, and counted as no try: who takes it wants something of the operator first."""
    waiting = Delivery.state.in_(("pending", "unknown")), Delivery.reason.is_not(None), Delivery.attempts == 0
    return session.scalar(select(Delivery.reason).where(which, *waiting).order_by(Delivery.id.desc()).limit(1))
