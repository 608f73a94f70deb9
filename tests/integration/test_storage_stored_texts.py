"""The stored articles as a stream, on both databases."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import NOW
from tests.integration.stored import DAY, analyze, discover
from worker.duplicates import DuplicateDecision, DuplicateKind
from worker.storage.db.database import Database
from worker.storage.topics import stored_texts
from worker.topics import TopicArticle


def test_what_has_been_read_and_is_no_copy_comes_in_order_and_in_batches(database: Database) -> None:
    with database.transaction() as session:
        old = analyze(session, "https://news.example/old", published=NOW - 40 * DAY)
        discover(session, "https://news.example/unread")
        first = analyze(session, "https://news.example/1", text="One.", published=NOW - 2 * DAY)
        analyze(session, "https://copy.example/1", duplicate=DuplicateDecision(DuplicateKind.EXACT, first, 1.0))
        second = analyze(session, "https://news.example/2", text="Two.", published=NOW)
    with database.reading() as session:
        everything = stored_texts.read_texts(session, after=0, limit=9)
        assert [text.id for text in everything] == [old, first, second]
        text = everything[1]
        assert text.article == TopicArticle("Read https://news.example/1", "One.", "en", "Example")
        assert text.published == NOW - 2 * DAY
        assert [text.id for text in stored_texts.read_texts(session, after=old, limit=1)] == [first]
        assert [text.id for text in stored_texts.read_texts(session, after=0, through=first, limit=9)] == [old, first]
        since = NOW - timedelta(days=30)
        assert [text.id for text in stored_texts.read_texts(session, after=0, limit=9, since=since)] == [first, second]
        assert stored_texts.count_texts(session) == 3
        assert stored_texts.count_texts(session, after=old, since=since) == 2
        assert stored_texts.count_texts(session, after=first) == 1
        assert stored_texts.first_read_since(session, NOW) == old
        assert stored_texts.first_read_since(session, NOW + DAY) == 0
        assert stored_texts.last_article(session) == second


def test_an_empty_archive_has_no_ends(database: Database) -> None:
    with database.reading() as session:
        assert stored_texts.first_read_since(session, NOW) == stored_texts.last_article(session) == 0
        assert stored_texts.read_texts(session, after=-1, limit=9) == []
