"""A digest as its reader gets it, day after day: known stories, muted outlets, reasons and links, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, match, send, subscribe, tell
from worker.delivery.composing import ComposedDigest, compose
from worker.digests import Muted, Period
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db.database import Database
from worker.storage.digests import mutes, outbox, subscribers
from worker.storage.digests.outbox import SentStory
from worker.storage.digests.told_headlines import told_headlines
from worker.topics import MatchedSpan

HOUR = timedelta(hours=1)


@pytest.fixture
def deps(database: Database, tmp_path: Path) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path, database_url=database.url), now=lambda: NOW)
    yield deps
    deps.database.close()


def sent(deps: Deps, subscription: int, end: timedelta) -> ComposedDigest | None:
    """The digest of the day that ends so much after NOW, recorded as it would be."""
    period = Period(NOW + end - DAY, NOW + end)
    with deps.transaction() as session:
        found = subscribers.read_subscription(session, subscription)
        assert found is not None
        composed = compose(deps, session, found, period)
        if composed is not None:
            outbox.save_digest(
                session, subscription, "scheduled", period, html=composed.html, more=composed.more,
                stories=composed.stories, delivery=composed.delivery, now=period.end,
            )  # fmt: skip
    return composed


def test_the_next_days_report_is_new_under_the_headline_they_know(deps: Deps) -> None:
    with deps.transaction() as session:
        reader = subscribe(session)
        first = analyze(session, "https://news.example/a", text="Migrants crossed the river. Many were wet.")
        match(session, first)
        story = tell(session, first, "river")
    before = sent(deps, reader, timedelta())
    with deps.transaction() as session:
        later = NOW + 2 * HOUR
        second = analyze(session, "https://news.example/b", text="A judge ruled on the order.", published=later)
        match(session, second, score=0.99)
        tell(session, second, "river", story_id=story, published=later, now=later)
    after = sent(deps, reader, DAY)
    assert before is not None
    assert after is not None
    assert "Read https://news.example/a\n" in before.text
    lines = after.text.splitlines()
    place = lines.index("Read https://news.example/a")
    assert lines[place - 1] == "[updated: 1 new report]"
    assert lines[place + 1].startswith("- new: Example: Read https://news.example/b")
    assert "before:" not in after.text


def test_the_headline_told_last_is_remembered_for_each_subscription(database: Database) -> None:
    with database.transaction() as session:
        one, other = subscribe(session), subscribe(session, "other@news.example")
        article = analyze(session, "https://news.example/a")
        story = tell(session, article, "river")
        send(session, one, SentStory(story, 1, TOPIC, (article,), "First"), end=NOW)
        send(session, one, SentStory(story, 2, TOPIC, (article,), "Second"), end=NOW + HOUR)
        send(session, other, SentStory(story, 1, TOPIC, (article,)), end=NOW)
        assert told_headlines(session, [one, other], [story]) == {(one, story): "Second"}
        assert told_headlines(session, [one], []) == {}


def test_what_is_muted_is_kept_with_the_subscription_and_left_out(deps: Deps) -> None:
    with deps.transaction() as session:
        reader, other = subscribe(session), subscribe(session, "other@news.example")
        found = [analyze(session, f"https://news.example/{n}", text=f"Migrants crossed at {n}.") for n in range(2)]
        for number, article in enumerate(found):
            match(session, article)
            tell(session, article, f"key{number}")
        mutes.save_muted(session, reader, Muted((), (found[0],)))
        subscribers.save_request(session, _same(session, reader), now=NOW)
        kept = subscribers.read_subscription(session, reader)
        assert kept is not None
        assert kept.muted == Muted((), (found[0],)), "other changes leave it alone"
    told = [sent(deps, each, timedelta()) for each in (reader, other)]
    assert [len(one.stories) if one else 0 for one in told] == [1, 2]
    with deps.transaction() as session:
        mutes.save_muted(session, reader, Muted(("EXAMPLE",), tuple(range(mutes.MOST + 5))))
        kept = subscribers.read_subscription(session, reader)
        assert kept is not None
        assert len(kept.muted.stories) == mutes.MOST
        assert kept.muted.covers("Example")


def _same(session, subscription: int) -> subscribers.SubscriptionRequest:
    one = subscribers.read_subscription(session, subscription)
    assert one is not None
    return subscribers.SubscriptionRequest(
        one.subscriber.address, "", "en", "UTC", one.topics, one.band, one.schedule, 10, False, NOW - DAY, NOW
    )


def test_reasons_are_words_links_are_plain_and_nothing_is_untitled(deps: Deps) -> None:
    text = "By Jane Doe\nTwo hundred people crossed from the U.S. Migrants wait in the cold. México, México."
    spans = [
        (text.index("U.S"), 3),
        (text.index("cold. México"), 12),
        (text.index("Migrants"), 8),
        (text.index("México"), 14),
    ]
    with deps.transaction() as session:
        reader = subscribe(session)
        article = analyze(session, "https://news.example/a b?utm_source=rss&id=7", text=text, title="")
        match(session, article, *(MatchedSpan("text", start, start + size, "x") for start, size in spans))
        tell(session, article, "river")
        session.connection().exec_driver_sql("UPDATE articles SET title = ''")
    composed = sent(deps, reader, timedelta())
    assert composed is not None
    assert "matched: U.S., Migrants, México\n" in composed.text
    assert "\nTwo hundred people crossed from the U.S. Migrants wait in the cold.\n" in composed.text
    assert "  https://news.example/a%20b?id=7\n" in composed.text
    assert "utm_source" not in composed.html
    assert "untitled" not in composed.text
