"""What people and the clock look at: topics, ticks, the overview, one article's explanation. On both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from models import Topic as TopicRow
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, discover, follow, match, send, subscribe, tell
from worker import topics
from worker.duplicates import DuplicateDecision, DuplicateKind
from worker.storage.articles import article_rows, documents
from worker.storage.db import ticks
from worker.storage.db.database import Database
from worker.storage.digests import outbox
from worker.storage.digests.outbox import DeliveryResult, SentStory
from worker.storage.feeds import feed_rows
from worker.storage.reports import explanation, overview
from worker.storage.topics import topic_rows
from worker.topics import Band, MatchedSpan, TopicMatch


def test_a_topic_is_loaded_again_only_when_it_changed(database: Database) -> None:
    (builtin,) = topics.builtin_topics()

    def load(source: str, day: int) -> tuple[str, str, datetime]:
        with database.transaction() as session:
            topic_rows.save_topics(session, [(builtin, source)], now=NOW + day * DAY)
        with database.reading() as session:
            row = session.scalars(select(TopicRow)).one()
            return row.name, row.source, row.loaded_at

    assert load("one", 0) == load("one", 1) == (TOPIC, "one", NOW)
    assert load("two", 2) == (TOPIC, "two", NOW + 2 * DAY)


def test_matches_are_replaced_and_come_back_best_first(database: Database) -> None:
    span = MatchedSpan("text", 3, 9, 'a "quoted" ñ ☂ term')
    wide = TopicMatch("a", 0.4, Band.WIDE, (), ())
    strict = TopicMatch("b", 0.9, Band.STRICT, (span,), ("in the title: +2.2",))
    with database.transaction() as session:
        article_id = analyze(session, "https://news.example/a")
        topic_rows.save_matches(session, article_id, [wide, replace(strict, score=0.1)], now=NOW)
        hostile = replace(strict, reasons=("in the \x00\ud800title: +2.2",))
        topic_rows.save_matches(session, article_id, [wide, hostile], now=NOW)
    with database.transaction() as session:
        assert topic_rows.matches_of(session, article_id) == (strict, wide)
        topic_rows.save_matches(session, article_id, [], now=NOW)
        assert topic_rows.matches_of(session, article_id) == ()


def test_two_clocks_may_tick_at_once(database: Database) -> None:
    def tick(hour: int) -> None:
        with database.transaction() as session:
            ticks.save_tick(session, "feeds", now=NOW + hour * DAY)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tick, range(4)))
    tick(9)
    with database.transaction() as session:
        ticks.save_tick(session, "digests", now=NOW)
        assert ticks.last_tick(session, "feeds") == NOW + 9 * DAY
        assert ticks.last_tick(session, "housekeeping") is None
        assert ticks.all_ticks(session) == {"digests": NOW, "feeds": NOW + 9 * DAY}


def test_the_overview_counts_and_names_what_is_in_trouble(database: Database) -> None:
    with database.reading() as session:
        empty = overview.read_overview(session)
        assert (empty.articles, empty.stories, empty.oldest_waiting, empty.ticks) == ({}, 0, None, {})
    with database.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed")], now=NOW)
        waiting, retried, failed, missed = (discover(session, f"https://n.example/{n}") for n in range(4))
        article_rows.save_retry(session, retried, at=NOW + DAY, reason="timeout")
        article_rows.save_failed(session, failed, "broke its process")
        article_rows.save_fetched(session, missed, now=NOW, feed_only=True, reason="answered 404")
        own = discover(session, "https://n.example/own", has_page=False)
        article_rows.save_retry(session, own, at=NOW, reason="the database was busy")
        read = analyze(session, "https://n.example/read")
        article_rows.mark_feed_only(session, read)
        tell(session, read, "ferry")
        reader = subscribe(session)
        dead, unknown, sent = (send(session, reader, end=NOW + n * DAY) for n in range(3))
        outbox.save_outcome(session, dead, DeliveryResult("dead", "550 no"), now=NOW)
        outbox.save_outcome(session, unknown, DeliveryResult("unknown", "silence", next_try=NOW), now=NOW)
        outbox.save_outcome(session, sent, DeliveryResult("sent"), now=NOW)
        assert overview.delivery_state(session, dead) == ("dead", "550 no")
    with database.reading() as session:
        seen = overview.read_overview(session)
    assert seen.articles == {"analyzed": 1, "discovered": 2, "failed": 1, "fetched": 2}
    assert (seen.feed_only, seen.stories, seen.oldest_waiting) == (1, 1, NOW)
    assert seen.failed_articles == (overview.Trouble("https://n.example/2", "broke its process"),)
    assert [trouble.reason for trouble in seen.missed_pages] == ["answered 404", "timeout"]
    states = ["to@news.example (unknown)", "to@news.example (dead)"]
    assert [trouble.what for trouble in seen.failed_deliveries] == states
    assert (seen.deliveries, seen.subscribers) == ({"dead": 1, "sent": 1, "unknown": 1}, {"active": 1})
    assert waiting


@pytest.fixture
def explained(database: Database) -> explanation.Explanation:
    """An article with everything there is: a page, a story, a copy, a match, and a digest that told it."""
    url = "https://news.example/a"
    with database.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed", outlet="Example")], now=NOW)
        article_id = analyze(session, url, feed_id=1)
        documents.save_document(
            session, url=url, content_type="text/html", body=b"page", now=NOW, article_id=article_id
        )
        match(session, article_id, MatchedSpan("text", 0, 8, "migrant*"))
        story_id = tell(session, article_id, "ferry")
        copied = DuplicateDecision(DuplicateKind.NEAR, article_id, 0.9, "crossed")
        follow(session, analyze(session, "https://copy.example/a", duplicate=copied), article_id)
        delivery = send(session, subscribe(session), SentStory(story_id, 1, TOPIC, (article_id,)))
        outbox.save_outcome(session, delivery, DeliveryResult("sent"), now=NOW)
    with database.reading() as session:
        assert explanation.find_article(session, key=url, url="") == article_id
        assert explanation.find_article(session, key="https://other.example/", url=url) == article_id
        assert explanation.find_article(session, key="https://other.example/", url="") is None
        assert explanation.explain_article(session, 999) is None
        copy = explanation.explain_article(session, article_id + 1)
        assert copy is not None
        assert copy.original is not None
        assert (copy.original.id, copy.similarity, copy.shared_passage) == (article_id, 0.9, "crossed")
        assert [mention.included for mention in copy.mentions] == [False], "its original was told, and it was not known"
        found = explanation.explain_article(session, article_id)
    assert found is not None
    return found


def test_an_explanation_has_the_whole_way(explained: explanation.Explanation) -> None:
    (seen,) = explained.seen_in
    assert (seen.feed, seen.entry_id, seen.at) == ("Example", explained.url, NOW)
    assert (explained.state, explained.kind, explained.authors) == ("analyzed", "article", ("A. Writer",))
    assert [(page.size, page.content_type) for page in explained.pages] == [(4, "text/html")]
    assert [copy.url for copy in explained.copies] == ["https://copy.example/a"]
    assert explained.story is not None
    assert (explained.story.size, explained.story.revision, len(explained.story.others)) == (1, 1, 1)
    assert [(found.topic, found.spans[0].term) for found in explained.matches] == [(TOPIC, "migrant*")]
    (mention,) = explained.mentions
    assert (mention.address, mention.included, mention.delivery_state) == ("reader@news.example", True, "sent")
    assert (mention.sent, mention.window_end, mention.revision, mention.page) == (NOW, NOW, 1, 1)
