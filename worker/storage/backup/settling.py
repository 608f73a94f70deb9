"""What a restored database does not know: what was sent since its backup was made, and must not be sent again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from models import Article, Delivery, Document, Feed, FeedClaim, Recheck, Subscriber, Subscription
from worker.digests import first_due_at, parse_schedule
from worker.storage.stories.news_numbers import latest_news_number

RESTORED = "it waited when the backup was made and may have been sent since"
"""The reason of a delivery that is ended by a restore; a person may send it all the same."""

_OF_BEFORE = "the edit was noticed before a backup was put back, and may have been told since"


def settle(session: Session, *, now: datetime) -> int:
    """Let nothing go out a second time; return how many deliveries were ended for that.

    What waited to be sent is ended, and counts as told. Whose digest has been due since is taken to have had it. And
    what a feed lists when it is first read after this, published before, is not mailed: it may have been told. So it is
    with what had been announced and not been read, and with edits that had been noticed and not been read.
    """
    session.execute(update(Feed).values(quiet_before=now, etag=None, last_modified=None, body_hash=None))
    session.execute(delete(Document).where(Document.state == "pending"))
    session.execute(update(Article).where(Article.state.in_(("discovered", "fetched"))).values(mailable=False))
    noticed = {"state": "done", "reason": _OF_BEFORE, "lease_until": None, "next_try_at": now}
    session.execute(update(Recheck).where(Recheck.state != "done").values(**noticed))
    session.execute(delete(FeedClaim))
    for row, zone in session.execute(_overdue(now)).all():
        row.news_seen, row.window_start = latest_news_number(session), now
        row.next_due_at = first_due_at(parse_schedule(row.schedule), zone, now)
    session.flush()
    waiting = Delivery.state.not_in(("sent", "dead"))
    ended = {"state": "dead", "reason": RESTORED, "lease_until": None, "next_try_at": None, "finished_at": now}
    return session.connection().execute(update(Delivery).where(waiting).values(**ended)).rowcount


def _overdue(now: datetime) -> Select[Subscription, str]:
    """Whose digest has been due; who had a pause was sent none, and has still to be told."""
    of = Subscriber.id == Subscription.subscriber_id
    is_sent_to = or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= now)
    due = select(Subscription, Subscriber.zone).join(Subscriber, of).where(Subscription.next_due_at <= now)
    return due.where(is_sent_to)
