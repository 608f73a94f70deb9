"""The few numbers by which it is seen whether the installation works: cheap enough to be read every minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Delivery, Feed
from worker.storage.db.ticks import all_ticks
from worker.storage.digests.mail_hosts import failing_hosts

_FAILURES = 3  # polls in a row after which a feed counts as failing


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """`blamed` is what a mail server holds against us, not against a mail: its latest words, None where there are none.

    `resting` are mail servers that are left alone, with what they said last; `last_read` is when any feed was had.
    """

    ticks: Mapping[str, datetime]
    feeds: int
    failing_feeds: int
    last_read: datetime | None
    blamed: str | None
    resting: Mapping[str, str]


def read_vital_signs(session: Session) -> VitalSigns:
    """Look at them."""
    active = select(func.count(), func.max(Feed.last_success_at)).where(Feed.active)
    feeds, last_read = session.execute(active).one()
    failing = select(func.count()).where(Feed.active, Feed.failures >= _FAILURES)
    return VitalSigns(
        ticks=all_ticks(session), feeds=feeds, last_read=last_read, failing_feeds=session.scalar(failing) or 0,
        blamed=_blamed(session), resting={host.host: host.reason or "" for host in failing_hosts(session)},
    )  # fmt: skip


def _blamed(session: Session) -> str | None:
    """What was tried, is tried again, and counted as no try: its server wants something of the operator first."""
    waiting = Delivery.state.in_(("pending", "unknown")), Delivery.reason.is_not(None), Delivery.attempts == 0
    return session.scalar(select(Delivery.reason).where(*waiting).order_by(Delivery.id.desc()).limit(1))
