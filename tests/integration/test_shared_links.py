"""Entries that share a link, from one document of their feed to the next, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from models import Article
from tests.conftest import NOW
from tests.integration.stored import announced
from worker.analysis.announcing import announce_all
from worker.feeds import FeedEntry, ParsedFeed
from worker.storage.articles import discoveries, shared_links
from worker.storage.db.database import Database
from worker.storage.db.session import Session
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import NewFeed

PRESS = "https://office.example/press"


def release(number: int) -> FeedEntry:
    return FeedEntry(f"Release {number}", PRESS, f"pr-{number}", published=NOW, summary=f"The text of number {number}.")


def watch(session: Session) -> int:
    feed_rows.add_feeds(session, [NewFeed("https://office.example/feed")], now=NOW)
    return feed_rows.list_feeds(session)[0].id


def listed(
    database: Database, *documents: tuple[int, ...],
    of: Callable[[int], FeedEntry] = release, by: InstrumentedAttribute[str] = Article.entry_id,
) -> list[tuple[str, bool]]:  # fmt: skip
    """Let a feed list these releases, document by document; return the articles that came of it, by their ids there."""
    with database.transaction() as session:
        feed_id = watch(session)
    for numbers in documents:
        with database.transaction() as session:
            feed = feed_rows.read_feed_record(session, feed_id)
            parsed = ParsedFeed("Office", "", tuple(map(of, numbers)))
            articles = shared_links.keep_keys(session, feed_id, announce_all(feed, parsed, now=NOW))
            discoveries.discover(session, feed_id, "Office", articles, now=NOW)
    with database.transaction() as session:
        rows = session.execute(select(by, Article.has_page).order_by(by))
        return [(entry_id, has_page) for entry_id, has_page in rows]


@pytest.mark.parametrize("documents", list(permutations([(1, 2), (2,), (1, 2, 3), (3,)])))
def test_each_is_one_article_however_many_are_listed_beside_it(
    sqlite: Database, documents: tuple[tuple[int, ...], ...]
) -> None:
    assert [entry_id for entry_id, _ in listed(sqlite, *documents)] == ["pr-1", "pr-2", "pr-3"]


@pytest.mark.parametrize("documents", list(permutations([(1, 2), (2,), (1,)])))
def test_entries_without_a_guid_are_told_apart_by_their_headlines(
    sqlite: Database, documents: tuple[tuple[int, ...], ...]
) -> None:
    """Their id is the link they share."""
    together = documents.index((1, 2))
    found = listed(sqlite, *documents, of=lambda number: replace(release(number), id=PRESS), by=Article.entry_title)
    if together == 0:
        assert found == [("Release 1", False), ("Release 2", False)]
    assert [title for title, _ in found] == ["Release 1", "Release 2"]


def test_one_that_stood_alone_first_keeps_its_page(database: Database) -> None:
    assert listed(database, (1,), (1, 2), (2,), (1,)) == [("pr-1", True), ("pr-2", False)]


def test_articles_with_links_of_their_own_are_left_as_they_are(database: Database) -> None:
    articles = [announced(f"https://office.example/{n}") for n in range(3)]
    with database.transaction() as session:
        feed_id = watch(session)
        discoveries.discover(session, feed_id, "Office", articles, now=NOW)
        assert shared_links.keep_keys(session, feed_id, articles) == articles
        assert shared_links.keep_keys(session, feed_id, []) == []
