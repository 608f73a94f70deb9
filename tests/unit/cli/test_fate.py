from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.cli.fate import fates
from worker.delivery.outlook import Outlook
from worker.digests import Choice, DigestSubscriber
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.reports.explanation import Explanation
from worker.storage.reports.mentions import Mention
from worker.topics import Band, TopicMatch

PENDING = Outlook(Choice.TOLD)
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

ARTICLE = Explanation(
    id=7, url="https://h.example/7", outlet="Harbour", entry_title="Ferry", seen_in=(), state="analyzed",
    attempts=0, reason=None, discovered=NOW, fetched=NOW, analyzed=NOW, next_try=None, pages=(),
    feed_only=False, mailable=True, kind="article", title="Ferry", text="late", published=NOW, language="en",
    authors=(), agency=None, removed=(), duplicate_kind="unique", original=None, similarity=None,
    shared_passage=None, copies=(), origin=None, revisions=(), story=None,
    matches=(TopicMatch("ferries", 0.7, Band.BALANCED, (), ()),), mentions=(),
)  # fmt: skip
SUBSCRIPTION = SubscriptionRecord(
    id=3, subscriber=DigestSubscriber("me@h.example", "", "en", "UTC"), topics=("ferries",), band="balanced",
    schedule="daily at 07:00", story_limit=25, send_empty=False, active=True, state="active",
    window_start=NOW - HOUR, next_due_at=NOW + HOUR,
)  # fmt: skip
MENTION = Mention(
    subscription_id=3, address="me@h.example", kind="scheduled", window_start=NOW - HOUR, window_end=NOW,
    topic="ferries", story_revision=1, included=True, delivery_state="sent", delivery_reason=None, sent=NOW,
)  # fmt: skip


@pytest.mark.parametrize(
    ("article", "subscription", "outlook", "said"),
    [
        (ARTICLE, SUBSCRIPTION, PENDING, "waits for the digest of 2026-03-02 13:00 UTC"),
        (replace(ARTICLE, state="fetched"), SUBSCRIPTION, PENDING, "not read yet (fetched)"),
        (replace(ARTICLE, state="failed"), SUBSCRIPTION, PENDING, "could not be read"),
        (replace(ARTICLE, mailable=False), SUBSCRIPTION, PENDING, "more than thirty days old"),
        (ARTICLE, replace(SUBSCRIPTION, active=False, state="unsubscribed"), PENDING, "is unsubscribed"),
        (ARTICLE, replace(SUBSCRIPTION, topics=("trams",)), Outlook(Choice.NO_MATCH), "matches none of trams"),
        (ARTICLE, replace(SUBSCRIPTION, band="strict"), Outlook(Choice.UNSURE), "only balanced (0.70), strict is"),
        (replace(ARTICLE, matches=()), SUBSCRIPTION, Outlook(Choice.UNSURE), "matches none of ferries"),
        (ARTICLE, SUBSCRIPTION, Outlook(Choice.TOLD, has_developed=False), "left out for length"),
        (ARTICLE, SUBSCRIPTION, Outlook(Choice.NO_NEWS, has_developed=False), "left out for length"),
        (ARTICLE, SUBSCRIPTION, Outlook(Choice.TOLD, is_fresh=False), "lately enough to be news"),
        (ARTICLE, SUBSCRIPTION, Outlook(Choice.STRAY), "less than half of its story's reports match ferries"),
        (ARTICLE, SUBSCRIPTION, Outlook(Choice.NO_NEWS), "told before, and it adds nothing"),
        (replace(ARTICLE, matches=()), SUBSCRIPTION, PENDING, "waits for"),
        (ARTICLE, SUBSCRIPTION, None, "in no story"),
        (replace(ARTICLE, mentions=(replace(MENTION, included=False),)), SUBSCRIPTION, PENDING, "waits for"),
    ],
)
def test_why_it_did_not_go_out(
    article: Explanation, subscription: SubscriptionRecord, outlook: Outlook | None, said: str
) -> None:
    (fate,) = fates(article, [subscription], {subscription.id: outlook} if outlook else {})
    assert not fate.told
    assert said in fate.reason


def test_where_it_went_out() -> None:
    (fate,) = fates(replace(ARTICLE, mentions=(MENTION,)), [SUBSCRIPTION], {})
    assert fate.told
    assert fate.reason == ("in the scheduled digest of 2026-03-02 12:00 UTC under ferries (sent 2026-03-02 12:00 UTC)")


def test_another_subscribers_digest_is_not_ones_own() -> None:
    others = replace(ARTICLE, mentions=(replace(MENTION, subscription_id=4),))
    assert [fate.told for fate in fates(others, [SUBSCRIPTION], {})] == [False]
