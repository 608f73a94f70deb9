from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.cli.fate import fates
from worker.digests import DigestSubscriber
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.reports.explanation import Explanation, JoinedStory
from worker.storage.reports.mentions import Mention, Passing
from worker.topics import Band, TopicMatch

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STORY = JoinedStory(
    id=5, size=1, revision=1, life=None, added=None, opened=True, score=None, evidence=(), others=(), news_number=9
)
ARTICLE = Explanation(
    id=7, url="https://h.example/7", outlet="Harbour", entry_title="Ferry", seen_in=(), state="analyzed",
    attempts=0, reason=None, discovered=NOW, fetched=NOW, analyzed=NOW, next_try=None, pages=(),
    feed_only=False, mailable=True, kind="article", title="Ferry", text="late", published=NOW, language="en",
    authors=(), agency=None, removed=(), duplicate_kind="unique", original=None, similarity=None,
    shared_passage=None, copies=(), origin=None, revisions=(), story=STORY,
    matches=(TopicMatch("ferries", 0.7, Band.BALANCED, (), ()),), mentions=(),
)  # fmt: skip
SUBSCRIPTION = SubscriptionRecord(
    id=3, subscriber=DigestSubscriber("me@h.example", "", "en", "UTC"), topics=("ferries",), band="balanced",
    schedule="daily at 07:00", story_limit=25, send_empty=False, active=True, state="active",
    window_start=NOW - HOUR, next_due_at=NOW + HOUR, news_seen=8,
)  # fmt: skip
MENTION = Mention(
    subscription_id=3, address="me@h.example", kind="scheduled", window_start=NOW - HOUR, window_end=NOW,
    topic="ferries", page=1, revision=1, included=True, returned=False, delivery_state="sent", delivery_reason=None,
    sent=NOW,
)  # fmt: skip


WAITS = "it waits for the digest of 2026-03-02 13:00 UTC"
RETURNED = replace(MENTION, returned=True, delivery_state="dead", delivery_reason="554 relay denied")


@pytest.mark.parametrize(
    ("article", "subscription", "said"),
    [
        (ARTICLE, SUBSCRIPTION, WAITS),
        (replace(ARTICLE, state="fetched"), SUBSCRIPTION, "not read yet (fetched)"),
        (replace(ARTICLE, state="failed"), SUBSCRIPTION, "could not be read"),
        (replace(ARTICLE, mailable=False), SUBSCRIPTION, "more than two days old"),
        (ARTICLE, replace(SUBSCRIPTION, active=False, state="unsubscribed"), "is unsubscribed"),
        (replace(ARTICLE, story=None), SUBSCRIPTION, "in no story"),
        (ARTICLE, replace(SUBSCRIPTION, topics=("trams",)), "matches none of trams"),
        (replace(ARTICLE, matches=()), SUBSCRIPTION, "matches none of ferries"),
        (ARTICLE, replace(SUBSCRIPTION, band="strict"), "only balanced (0.70), strict is"),
        (ARTICLE, replace(SUBSCRIPTION, news_seen=9), "up to 2026-03-02 11:00 UTC, before it matched or was asked for"),
        (replace(ARTICLE, passings=(Passing(3, "repeats", NOW),)), SUBSCRIPTION, "told before, and it adds nothing"),
        (replace(ARTICLE, passings=(Passing(3, "old", NOW),)), SUBSCRIPTION, "published more than two days before"),
        (replace(ARTICLE, passings=(Passing(3, "crowded", NOW),)), SUBSCRIPTION, "more stories waited"),
        (replace(ARTICLE, passings=(Passing(4, "repeats", NOW),)), SUBSCRIPTION, WAITS),
        (replace(ARTICLE, mentions=(RETURNED,)), SUBSCRIPTION, "could not be delivered (554 relay denied): it waits"),
        (replace(ARTICLE, mentions=(replace(MENTION, included=False),)), SUBSCRIPTION, "its original was told, and it"),
        (replace(ARTICLE, mentions=(replace(RETURNED, included=False),)), SUBSCRIPTION, WAITS),
    ],
)  # fmt: skip
def test_why_it_did_not_go_out(article: Explanation, subscription: SubscriptionRecord, said: str) -> None:
    (fate,) = fates(article, [subscription])
    assert not fate.told
    assert said in fate.reason


def test_where_it_went_out() -> None:
    (fate,) = fates(replace(ARTICLE, mentions=(RETURNED, MENTION, replace(MENTION, page=2))), [SUBSCRIPTION])
    assert fate.told
    digest = "in the scheduled digest of 2026-03-02 12:00 UTC under ferries"
    sent = "(sent 2026-03-02 12:00 UTC)"
    assert fate.reason == f"{digest} {sent}; {digest}, on page 2 of its archive {sent}"


def test_another_subscribers_digest_is_not_ones_own() -> None:
    others = replace(ARTICLE, mentions=(replace(MENTION, subscription_id=4),))
    assert [fate.told for fate in fates(others, [SUBSCRIPTION])] == [False]
