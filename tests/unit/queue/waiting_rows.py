"""Rows that wait for a step."""

from __future__ import annotations

from tests.conftest import NOW
from worker.setup.deps import Deps
from worker.storage.articles import discoveries, documents
from worker.storage.feeds import feed_rows


def add_feeds(deps: Deps, count: int) -> list[int]:
    with deps.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed(f"https://n{n}.example/feed") for n in range(count)], now=NOW)
        return feed_rows.due_feeds(session, now=NOW, limit=count)


def add_articles(deps: Deps, *names: str, has_page: bool) -> list[int]:
    new = [
        discoveries.NewArticle(
            f"https://n.example/{name}", f"https://n.example/{name}", name, name, "", None, None, has_page
        )
        for name in names
    ]
    with deps.transaction() as session:
        return [found.id for found in discoveries.discover(session, None, "News", new, now=NOW)]


def add_document(deps: Deps, feed_id: int) -> int:
    with deps.transaction() as session:
        return documents.save_document(
            session, url="https://n.example/", content_type="", body=b"<rss/>", now=NOW, feed_id=feed_id
        )
