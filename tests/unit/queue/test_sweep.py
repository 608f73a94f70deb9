"""What the clock does, on a real SQLite database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.integration.stored import subscribe
from tests.unit.queue.waiting_rows import add_articles, add_document, add_feeds
from worker.pipeline import STEPS, Step
from worker.queue import sweep
from worker.queue.tasks import JOBS
from worker.setup.deps import Deps
from worker.step import Wakeup
from worker.storage.articles import article_rows
from worker.storage.db import ticks
from worker.storage.digests import subscribers

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_every_queue_is_told_of_what_waits_for_it_and_of_nothing_else(deps: Deps) -> None:
    (feed_id,) = add_feeds(deps, 1)
    pages = add_articles(deps, "a", "b", has_page=True)
    texts = add_articles(deps, "c", has_page=False)
    document = add_document(deps, feed_id)
    asked = subscribers.SubscriptionRequest(
        address="reader@news.example", name="", language="en", zone="UTC", topics=("t",), band="wide",
        schedule="hourly", story_limit=9, send_empty=False, since=NOW - DAY, first_due=NOW,
    )  # fmt: skip
    with deps.transaction() as session:
        subscription = subscribers.save_request(session, asked, now=NOW)
    assert sweep.look(deps, "sweep", "fetch", room=9) == (
        Wakeup("poll_feeds", feed_id), *(Wakeup("fetch_page", page) for page in pages),
    )  # fmt: skip
    assert sweep.look(deps, "sweep", "analyze", room=9) == (
        Wakeup("read_feed", document), *(Wakeup("analyze_article", text) for text in texts),
    )  # fmt: skip
    assert sweep.look(deps, "sweep", "mail", room=9) == (Wakeup("plan_digests", subscription),)


def test_digests_share_messages_and_so_more_of_them_are_looked_for(deps: Deps) -> None:
    with deps.transaction() as session:
        due = [subscribe(session, f"reader{number}@news.example") for number in range(6)]
    found = sweep.look(deps, "sweep", "mail", room=1)
    assert {wakeup.step for wakeup in found} == {"plan_digests"}
    assert len(found) == 5
    assert {wakeup.row_id for wakeup in found} < set(due)


@pytest.mark.parametrize(("room", "found"), [(-5, 0), (0, 0), (1, 1), (3, 3), (4, 4), (99, 5)])
def test_no_more_is_woken_than_there_is_room_for(deps: Deps, room: int, found: int) -> None:
    add_feeds(deps, 3)
    add_articles(deps, "a", "b", has_page=True)
    assert len(sweep.look(deps, "sweep", "fetch", room=room)) == found


def test_documents_leave_articles_only_the_room_that_is_left(deps: Deps) -> None:
    (feed_id,) = add_feeds(deps, 1)
    for _ in range(2):
        add_document(deps, feed_id)
    add_articles(deps, "a", "b", has_page=False)
    steps = [wakeup.step for wakeup in sweep.look(deps, "sweep", "analyze", room=3)]
    assert steps == ["read_feed", "read_feed", "analyze_article"]
    assert [wakeup.step for wakeup in sweep.look(deps, "sweep", "analyze", room=2)] == ["read_feed", "read_feed"]


def test_what_is_leased_or_put_off_is_left_alone_until_its_time(deps: Deps) -> None:
    leased, put_off = add_articles(deps, "a", "b", has_page=True)
    with deps.transaction() as session:
        assert article_rows.claim_article(session, leased, state="discovered", now=NOW, lease=HOUR)
        article_rows.postpone(session, put_off, until=NOW + MINUTE)
    assert sweep.look(deps, "sweep", "fetch", room=9) == ()
    deps.now = lambda: NOW + MINUTE
    assert sweep.look(deps, "sweep", "fetch", room=9) == (Wakeup("fetch_page", put_off),)
    deps.now = lambda: NOW + HOUR
    assert len(sweep.look(deps, "sweep", "fetch", room=9)) == 2


def test_the_sweep_looks_after_every_queue_and_each_job_after_its_own() -> None:
    assert sweep.queues_of("sweep") == ("fetch", "analyze", "mail")
    assert {job: sweep.queues_of(job) for job in JOBS if job not in ("sweep", "topics", "keep_house", "watch")} == {
        "feeds": ("fetch",), "pages": ("fetch",), "digests": ("mail",), "stories": ("analyze",),
    }  # fmt: skip
    assert set(sweep.TICKS) <= set(STEPS)


@pytest.mark.parametrize("room", [0, 9])
def test_looking_is_a_tick_even_at_a_full_queue(deps: Deps, room: int) -> None:
    for queue in sweep.queues_of("sweep"):
        sweep.look(deps, "sweep", queue, room=room)
    with deps.reading() as session:
        assert ticks.all_ticks(session) == {"feeds": NOW, "digests": NOW}
        assert deps.settings.clock.late_jobs(ticks.all_ticks(session), now=NOW) == ()


def test_a_chained_step_is_woken_however_full_its_queue_is(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def find_due(step: Step, _deps: Deps, limit: int) -> list[int]:
        asked.append((step.name, limit))
        return [7]

    monkeypatch.setattr(Step, "find_due", find_due)
    assert sweep.look(deps, "stories", "analyze", room=-500) == (Wakeup("recluster_stories", 7),)
    assert sweep.look(deps, "sweep", "analyze", room=0) == ()
    assert asked == [("recluster_stories", 1)]
