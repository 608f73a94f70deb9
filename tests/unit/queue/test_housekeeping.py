"""What the clock clears away, on a real SQLite database."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import NOW
from tests.unit.queue.waiting_rows import add_articles, add_document, add_feeds
from worker.queue import sweep
from worker.queue.housekeeping import keep_house
from worker.setup.deps import Deps
from worker.step import Wakeup
from worker.storage.articles import documents
from worker.storage.feeds import polls

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


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
