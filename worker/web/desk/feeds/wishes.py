"""What is wished of a feed: that it is polled now, or not at all, or watched no more."""

from __future__ import annotations

from starlette.responses import Response

from worker.step import Wakeup
from worker.storage.db.session import Session
from worker.storage.feeds import feed_rows, owner_wishes
from worker.storage.feeds.feed_rows import FeedRecord
from worker.storage.sources.sitemap_feeds import retire_followed
from worker.web.desk.pages import go_back
from worker.web.desk.visit import Nowhere, Visit


def change_feed(visit: Visit) -> Response:
    """Do what the form's button says with the feed of the path."""
    act, number, now = visit.form.one("act"), visit.number("feed"), visit.now
    with visit.deps.transaction() as session:
        feed = _watched(session, number)
        if act == "poll" and not feed.facts.paused:
            owner_wishes.poll_now(session, number, now=now)
        elif act == "pause":
            owner_wishes.pause_feed(session, number)
        elif act == "resume":
            owner_wishes.resume_feed(session, number, now=now)
        elif act == "remove":
            feed_rows.remove_feed(session, feed.url)
            retire_followed(session, feed.url)
    if act in ("poll", "resume"):
        visit.wake((Wakeup("poll_feeds", number),))
    said = {"poll": "polled", "remove": "removed"}.get(act, "saved")
    return go_back(visit, otherwise="/feeds", said=said, at="" if act == "remove" else f"feed-{number}")


def poll_all(visit: Visit) -> Response:
    """Make every feed due; the clock takes them up, each host in its turn."""
    with visit.deps.transaction() as session:
        owner_wishes.poll_now(session, now=visit.now)
    return go_back(visit, otherwise="/feeds", said="polled")


def _watched(session: Session, number: int) -> FeedRecord:
    found = next((feed for feed in feed_rows.list_feeds(session) if feed.id == number), None)
    if found is None:
        raise Nowhere
    return found
