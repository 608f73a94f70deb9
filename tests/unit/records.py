"""Rows as the storage hands them out, for tests of what is decided about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.conftest import NOW
from worker.digests import DigestSubscriber
from worker.feeds import FeedFacts, PollHistory
from worker.storage.articles.article_rows import ArticleRecord
from worker.storage.digests.outbox import DeliveryRecord
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.feeds.feed_rows import FeedRecord
from worker.storage.feeds.polls import ClaimedFeed

LEASED = NOW + timedelta(seconds=90)
FEED = FeedRecord(
    id=7, url="https://news.example/feed", first_url="https://news.example/feed", title="News", outlet="Example News",
    site="", category="", language=None, active=True, etag='"v1"', last_modified="Mon, 02 Mar 2026 08:00:00 GMT",
    body_hash=None, history=PollHistory(), facts=FeedFacts(), next_poll_at=NOW, last_read_at=None,
)  # fmt: skip
CLAIMED_FEED = ClaimedFeed(
    id=7, url="https://news.example/feed", etag='"v1"', last_modified="Mon, 02 Mar 2026 08:00:00 GMT", body_hash=None,
    history=PollHistory(), in_order=True, unreadable=False, lease_until=LEASED,
)  # fmt: skip
ARTICLE = ArticleRecord(
    id=11, feed_id=7, url="https://news.example/a", outlet="Example News", entry_title="Ferry late again",
    entry_body="", entry_published=None, language=None, discovered_at=NOW - timedelta(minutes=5), attempts=1,
    reason=None, has_page=True, feed_only=False, lease_until=LEASED,
)  # fmt: skip
DELIVERY = DeliveryRecord(
    id=13, channel="email", sender="storywatch@news.example", recipient="reader@news.example",
    message_id="<1@news.example>",
    message=b"Subject: News\r\n\r\nText", attempts=1, was="pending", lease_until=LEASED, created_at=NOW,
)  # fmt: skip
SUBSCRIPTION = SubscriptionRecord(
    id=17, subscriber=DigestSubscriber("reader@news.example", "Reader", "en", "America/Mexico_City"),
    topics=("us-mexico-migration",), band="balanced", schedule="daily at 07:00", story_limit=25, send_empty=False,
    active=True, state="active", window_start=NOW - timedelta(days=1), next_due_at=NOW,
)  # fmt: skip


def feed(**changes: Any) -> FeedRecord:
    return replace(FEED, **changes)


def claimed_feed(**changes: Any) -> ClaimedFeed:
    return replace(CLAIMED_FEED, **changes)


def article(**changes: Any) -> ArticleRecord:
    return replace(ARTICLE, **changes)


def delivery(**changes: Any) -> DeliveryRecord:
    return replace(DELIVERY, **changes)


def subscription(**changes: Any) -> SubscriptionRecord:
    return replace(SUBSCRIPTION, **changes)
