"""What the clock clears away, on a real SQLite database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW
from worker.queue import sweep
from worker.queue.housekeeping import keep_house
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.step import Wakeup
from worker.storage.articles import article_rows, documents
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows, polls

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def deps(sqlite: Database, tmp_path: Path) -> Iterator[Deps]:
    settings = load_settings(folder=tmp_path, database_url=f"sqlite:///{tmp_path / 'test.db'}")
    deps = Deps(settings, now=lambda: NOW)
    yield deps
    deps.database.close()


def add_feeds(deps: Deps, count: int) -> list[int]:
    with deps.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed(f"https://n{n}.example/feed") for n in range(count)], now=NOW)
        return feed_rows.due_feeds(session, now=NOW, limit=count)


def add_articles(deps: Deps, *names: str, has_page: bool) -> list[int]:
    new = [
        article_rows.NewArticle(
            f"https://n.example/{name}", f"https://n.example/{name}", name, name, "", None, None, has_page
        )
        for name in names
    ]
    with deps.transaction() as session:
        return [found.id for found in article_rows.discover(session, None, "News", new, now=NOW)]


def add_document(deps: Deps, feed_id: int) -> int:
    with deps.transaction() as session:
        return documents.save_document(
            session, url="https://n.example/", content_type="", body=b"<rss/>", now=NOW, feed_id=feed_id
        )


def test_the_house_is_kept_once_a_day_and_only_what_is_old_goes(deps: Deps) -> None:
    (feed_id,) = add_feeds(deps, 1)
    (article_id,) = add_articles(deps, "a", has_page=True)
    with deps.transaction() as session:
        for days in (6, 8):
            fetched = NOW - days * DAY
            documents.save_document(
                session, url="https://n.example/a", content_type="", body=b"x", now=fetched, article_id=article_id
            )
            polls.save_poll(session, feed_id, polls.Poll(NOW - 5 * days * DAY, "unchanged", NOW))
    first = keep_house(deps)
    assert {name: number for name, number in first.items() if number} == {"documents": 1, "polls": 1}
    deps.now = lambda: NOW + 23 * HOUR
    assert keep_house(deps) == {}
    deps.now = lambda: NOW + 25 * HOUR
    second = keep_house(deps)
    assert {name: number for name, number in second.items() if number} == {"documents": 1, "polls": 1}


def test_a_document_that_waits_to_be_read_outlives_its_time(deps: Deps) -> None:
    (feed_id,) = add_feeds(deps, 1)
    document = add_document(deps, feed_id)
    deps.now = lambda: NOW + 400 * DAY
    assert keep_house(deps)["documents"] == 0
    assert Wakeup("read_feed", document) in sweep.look(deps, "sweep", "analyze", room=9)
