"""What the clock clears away, on a real SQLite database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.integration.stored import analyze, tell
from tests.unit.queue.waiting_rows import add_articles, add_document, add_feeds
from worker.queue import housekeeping, prunings, sweep
from worker.queue.housekeeping import keep_house
from worker.queue.prunings import Prune
from worker.setup.deps import Deps
from worker.step import Wakeup
from worker.storage.articles import documents
from worker.storage.db import sizes
from worker.storage.db.session import Session
from worker.storage.feeds import polls
from worker.storage.retention import gone_articles

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


def add_old_stories(deps: Deps, count: int) -> None:
    with deps.transaction() as session:
        for number in range(count):
            tell(session, analyze(session, f"https://n.example/{number}"), "ferry")


def test_what_is_old_and_on_no_topic_goes_and_the_days_size_is_written_down(deps: Deps) -> None:
    add_old_stories(deps, 4)
    deps.now = lambda: NOW + 89 * DAY
    assert keep_house(deps)["unmatched_stories"] == 0
    deps.now = lambda: NOW + 91 * DAY
    assert keep_house(deps)["unmatched_stories"] == 3, "the newest gives the next its numbers"
    with deps.reading() as session:
        assert sizes.read_growth(session, now=deps.now()).a_day is not None
        assert gone_articles.gone_since(session, "https://n.example/0") == deps.now().date()


def test_what_is_too_much_for_one_knock_is_done_at_the_next(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prunings, "BATCH", 2)
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    monkeypatch.setattr(housekeeping, "_BATCHES", 3)
    add_old_stories(deps, 11)
    deps.now = lambda: NOW + 91 * DAY
    found = [keep_house(deps).get("unmatched_stories") for _ in range(4)]
    assert found == [4, 6, 0, None], "three full batches a knock, the keys of stories among them; then the day is done"


def test_a_kind_that_cannot_be_deleted_keeps_no_other(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_session: Session) -> int:
        raise ValueError("a row in the way")

    def with_a_broken_one(deps: Deps, now: datetime) -> Iterator[tuple[str, Prune]]:
        yield "broken", broken
        yield from prunings.prunings(deps, now)

    monkeypatch.setattr(housekeeping, "prunings", with_a_broken_one)
    add_old_stories(deps, 4)
    deps.now = lambda: NOW + 91 * DAY
    with pytest.raises(ExceptionGroup) as raised:
        keep_house(deps)
    assert [(str(one), one.__notes__) for one in raised.value.exceptions] == [
        ("a row in the way", ["while broken were deleted"])
    ]
    with deps.reading() as session:
        assert gone_articles.gone_since(session, "https://n.example/0") == deps.now().date()
    assert keep_house(deps) == {}, "and it is told once a day"


def test_nothing_that_may_still_be_compared_is_old(deps: Deps) -> None:
    copies = deps.settings.duplicates.model_copy(update={"window_days": 300.0})
    deps.settings = deps.settings.model_copy(update={"duplicates": copies})
    add_old_stories(deps, 2)
    deps.now = lambda: NOW + 299 * DAY
    assert keep_house(deps)["unmatched_stories"] == 0
    deps.now = lambda: NOW + 301 * DAY
    assert keep_house(deps)["unmatched_stories"] == 1
