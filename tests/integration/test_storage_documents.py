"""Documents as they were fetched, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models import Document
from tests.conftest import NOW
from tests.integration.stored import discover
from worker.storage.articles import article_rows, documents
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows

LEASE = timedelta(seconds=90)
BODY = bytes(range(256)) * 400


def test_a_document_is_compressed_claimed_and_read(database: Database) -> None:
    with database.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed")], now=NOW)
        (feed_id,) = feed_rows.due_feeds(session, now=NOW, limit=1)
        saved = documents.save_document(
            session, url="https://news.example/f", content_type="x", body=BODY, now=NOW, feed_id=feed_id
        )
        stored = session.scalars(select(Document.body)).one()
        assert len(stored) < len(BODY) / 10
        assert documents.waiting_documents(session, now=NOW, limit=9) == [saved]
    with database.transaction() as session:
        found = documents.claim_document(session, saved, now=NOW, lease=LEASE)
        assert found is not None
        assert (found.body, found.feed_id, found.article_id, found.attempts) == (BODY, feed_id, None, 1)
        assert documents.claim_document(session, saved, now=NOW, lease=LEASE) is None
        assert documents.waiting_documents(session, now=NOW, limit=9) == []
        assert documents.waiting_documents(session, now=NOW + LEASE, limit=9) == [saved], "its worker died"
        again = documents.claim_document(session, saved, now=NOW + LEASE, lease=LEASE)
        assert again is not None
        assert again.attempts == 2
        documents.mark_failed(session, saved, "no feed")
        assert documents.waiting_documents(session, now=NOW + 9 * LEASE, limit=9) == []


def test_the_newest_page_of_an_article_is_the_one(database: Database) -> None:
    with database.transaction() as session:
        article_id = discover(session, "https://news.example/a")
        assert documents.page_of(session, article_id) is None
        for body in (b"old", b"new", b""):
            documents.save_document(session, url="u", content_type="", body=body, now=NOW, article_id=article_id)
        page = documents.page_of(session, article_id)
        assert page is not None
        assert page.body == b""
        assert documents.waiting_documents(session, now=NOW, limit=9) == [], "a page waits with its article"


def test_what_still_has_to_be_read_is_not_pruned(database: Database) -> None:
    with database.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed")], now=NOW)
        (feed_id,) = feed_rows.due_feeds(session, now=NOW, limit=1)
        unread, done = discover(session, "https://news.example/a"), discover(session, "https://news.example/b")
        article_rows.save_fetched(session, unread, now=NOW)

        def save(**owner: int) -> int:
            return documents.save_document(session, url="u", content_type="", body=b"x", now=NOW, **owner)

        pending, read = save(feed_id=feed_id), save(feed_id=feed_id)
        documents.mark_read(session, read)
        waits, gone = save(article_id=unread), save(article_id=done)
        assert documents.prune_documents(session, before=NOW) == 0
        assert documents.prune_documents(session, before=NOW + LEASE) == 2
        assert set(session.scalars(select(Document.id))) == {pending, waits}
        assert {read, gone}.isdisjoint({pending, waits})
