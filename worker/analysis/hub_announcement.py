"""What follows for a feed's hub from a document of it: a subscription is wanted, or the hub was right, or silent."""

from __future__ import annotations

import secrets
from datetime import datetime

from worker import feeds
from worker.feeds import ParsedFeed, hubs
from worker.setup.base_deps import BaseDeps
from worker.step import Wakeup, Wakeups
from worker.storage.articles.documents import DocumentRecord
from worker.storage.db.session import Session
from worker.storage.feeds.feed_rows import FeedRecord
from worker.storage.sources import hub_subscriptions

_KEY_BYTES = 24


def follow_hub(
    deps: BaseDeps, session: Session, feed: FeedRecord, document: DocumentRecord, parsed: ParsedFeed, *, any_new: bool
) -> Wakeups:
    """Keep what the document announces, and judge the hub by whether it told of what is new.

    Nothing where no hub could reach us, for want of a `web.base_url`.
    """
    if not deps.settings.web.base_url:
        return ()
    if any_new:
        _judge(session, feed, document.fetched_at)
    headers = feeds.links_of(document.links, document.url)
    found = feeds.find_hub(headers, parsed.links, document.url)
    key, secret = secrets.token_urlsafe(_KEY_BYTES), secrets.token_urlsafe(_KEY_BYTES)
    wanted = hub_subscriptions.announce_hub(session, feed.id, found, key=key, secret=secret)
    return () if wanted is None else (Wakeup("subscribe_hub", wanted),)


def _judge(session: Session, feed: FeedRecord, had_at: datetime) -> None:
    subscription = hub_subscriptions.subscription_of(session, feed.id)
    if subscription is None:
        return
    if hubs.is_told(subscription.pings, now=had_at):
        hub_subscriptions.save_proven(session, subscription)
    else:
        hub_subscriptions.trust_hub(session, feed.id, until=None)
