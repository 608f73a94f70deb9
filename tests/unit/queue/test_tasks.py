"""The Celery shell, on Celery's own broker in memory: what is sent where, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery
from kombu.transport.memory import Channel
from structlog.testing import capture_logs

from worker import pipeline
from worker.analysis import retag_articles as retagging
from worker.errors import StorageError
from worker.queue import sweep, tasks
from worker.setup import deps as real_deps
from worker.setup.logs import get_log
from worker.setup.settings import load_settings
from worker.wakeup import Wakeup, Wakeups

STEPS = {
    "poll_feeds": "fetch", "fetch_page": "fetch", "read_feed": "analyze", "analyze_article": "analyze",
    "plan_digests": "mail", "deliver": "mail",
}  # fmt: skip


@dataclass
class Broker:
    """The queues as they stand."""

    app: Celery

    def take(self) -> dict[str, list[tuple[str, int]]]:
        """Empty the queues; return the messages that were on them."""
        found: dict[str, list[tuple[str, int]]] = {}
        with self.app.connection_for_read() as connection:
            for queue in ("fetch", "analyze", "mail", "clock", "celery"):
                with connection.SimpleQueue(queue) as waiting:
                    while waiting.qsize():
                        message = waiting.get(block=False)
                        arguments, options, _ = message.payload
                        assert options == {}
                        assert message.content_type == "application/json"
                        found.setdefault(queue, []).append((message.headers["task"], *arguments))
                        message.ack()
        return found


@dataclass
class Deps:
    """As much of the real things as the shell looks at: how long the queues are."""

    lengths: dict[str, int] = field(default_factory=dict)

    @property
    def redis(self) -> Any:
        return SimpleNamespace(llen=lambda queue: self.lengths.get(queue, 0))


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    monkeypatch.setenv("REDIS_URL", "memory://")
    from worker.queue.celery_app import make_app

    Channel.queues.clear()
    app = make_app(load_settings())
    yield Broker(app)
    app.close()
    Channel.queues.clear()


@pytest.fixture(autouse=True)
def deps(monkeypatch: pytest.MonkeyPatch) -> Deps:
    made = Deps()
    monkeypatch.setattr(real_deps, "process_deps", lambda: made)
    return made


def replace_steps(monkeypatch: pytest.MonkeyPatch, act: Callable[[str, Any, int], Wakeups]) -> None:
    def step(name: str) -> Callable[[Any, int], Wakeups]:
        def run(deps: Any, row_id: int) -> Wakeups:
            return act(name, deps, row_id)

        run.__name__ = name
        return run

    monkeypatch.setattr(pipeline, "STEPS", tuple(step(name) for name in STEPS))


def test_there_is_a_task_for_every_step() -> None:
    assert {step.__name__ for step in pipeline.STEPS} == set(STEPS)


@pytest.mark.parametrize("name", STEPS)
def test_a_task_runs_its_step_with_the_real_things_and_the_id(
    name: str, broker: Broker, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, Any, int]] = []

    def act(step: str, given: Any, row_id: int) -> Wakeups:
        ran.append((step, given, row_id))
        return ()

    replace_steps(monkeypatch, act)
    assert getattr(tasks, name)(41) is None
    assert ran == [(name, deps, 41)]
    assert broker.take() == {}


def test_a_retag_wakes_its_next_slice(broker: Broker, deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    def retag_articles(given: Any, retag_id: int) -> Wakeups:
        assert given is deps
        return (Wakeup("retag_articles", retag_id),)

    monkeypatch.setattr(retagging, "retag_articles", retag_articles)
    tasks.retag_articles(7)
    assert broker.take() == {"analyze": [("worker.queue.tasks.retag_articles", 7)]}


def test_what_a_step_wakes_is_sent_to_its_queue_after_the_step(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    during: list[object] = []

    def act(_step: str, _deps: Any, row_id: int) -> Wakeups:
        during.append(broker.take())
        return tuple(Wakeup(name, row_id + number) for number, name in enumerate(STEPS))

    replace_steps(monkeypatch, act)
    tasks.read_feed(10)
    assert during == [{}], "nothing is sent before the step has committed and returned"
    assert broker.take() == {
        "fetch": [("worker.queue.tasks.poll_feeds", 10), ("worker.queue.tasks.fetch_page", 11)],
        "analyze": [("worker.queue.tasks.read_feed", 12), ("worker.queue.tasks.analyze_article", 13)],
        "mail": [("worker.queue.tasks.plan_digests", 14), ("worker.queue.tasks.deliver", 15)],
    }


def test_a_step_that_fails_sends_nothing_and_is_not_tried_again_by_celery(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(_step: str, _deps: Any, _row_id: int) -> Wakeups:
        raise ValueError("a defect")

    replace_steps(monkeypatch, act)
    for name in STEPS:
        assert getattr(tasks, name).apply((1,)).state == "FAILURE"
    assert broker.take() == {}


def replace_look(monkeypatch: pytest.MonkeyPatch, *, found: int = 0) -> list[tuple[str, int]]:
    """Let every queue have `found` rows waiting; return what was asked for."""
    asked: list[tuple[str, int]] = []
    rows = count()

    def look(_deps: Any, queue: str, *, room: int) -> Wakeups:
        asked.append((queue, room))
        step = next(name for name, where in STEPS.items() if where == queue)
        return tuple(Wakeup(step, next(rows)) for _ in range(min(found, max(room, 0))))

    monkeypatch.setattr(sweep, "look", look)
    return asked


@pytest.mark.parametrize(
    ("task", "queues"),
    [("tick_feeds", ["fetch"]), ("tick_digests", ["mail"]), ("sweep", ["fetch", "analyze", "mail"])],
)
def test_a_tick_looks_at_its_queues_and_sends_what_it_finds(
    task: str, queues: list[str], broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = replace_look(monkeypatch, found=3)
    getattr(tasks, task)()
    assert [queue for queue, _ in asked] == queues
    sent = {queue: [row for message in messages for row in message[1:]] for queue, messages in broker.take().items()}
    assert {queue: len(rows) for queue, rows in sent.items()} == dict.fromkeys(queues, 3)


@pytest.mark.parametrize(("found", "sizes"), [(3, [3]), (120, [5] * 24), (1999, [39] * 51 + [10]), (2000, [40] * 50)])
def test_the_more_feeds_are_due_the_more_share_a_message(
    found: int, sizes: list[int], broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_look(monkeypatch, found=found)
    tasks.tick_feeds()
    messages = broker.take()["fetch"]
    assert {message[0] for message in messages} == {"worker.queue.tasks.poll_feeds"}
    assert [len(message) - 1 for message in messages] == sizes
    assert [row for message in messages for row in message[1:]] == list(range(found))


def test_digests_that_are_due_share_messages_and_deliveries_do_not(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = tuple(Wakeup("plan_digests", number) for number in range(2000))
    monkeypatch.setattr(sweep, "look", lambda *_, room: (*due, Wakeup("deliver", 7), Wakeup("deliver", 8))[: room + 2])
    tasks.tick_digests()
    *planned, first, second = broker.take()["mail"]
    assert [len(message) - 1 for message in planned] == [40] * 50
    assert [row for message in planned for row in message[1:]] == list(range(2000))
    assert (first, second) == (("worker.queue.tasks.deliver", 7), ("worker.queue.tasks.deliver", 8))


def test_a_queue_is_given_no_more_than_it_has_room_for(
    broker: Broker, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = replace_look(monkeypatch)
    tasks.sweep()
    (_, most), *_ = empty
    deps.lengths = {"fetch": most - 2, "analyze": most, "mail": most + 500}
    asked = replace_look(monkeypatch, found=9)
    tasks.sweep()
    assert asked == [("fetch", 2), ("analyze", 0), ("mail", -500)]
    assert [message[1:] for message in broker.take()["fetch"]] == [(0, 1)]


def test_the_pages_whose_turn_has_come_are_woken_as_far_as_there_is_room(
    broker: Broker, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, int]] = []

    def due_pages(given: Any, limit: int) -> Wakeups:
        asked.append((given, limit))
        return (Wakeup("fetch_page", 7),)

    monkeypatch.setattr(sweep, "due_pages", due_pages)
    tasks.tick_pages()
    deps.lengths = {"fetch": asked[0][1] - 1}
    tasks.tick_pages()
    assert asked[1] == (deps, 1)
    assert broker.take() == {"fetch": [("worker.queue.tasks.fetch_page", 7)] * 2}


def test_a_database_that_is_away_is_a_line_in_the_log_and_no_crash(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def away(_deps: Any, queue: str, *, room: int) -> Wakeups:
        asked.append(queue)
        raise StorageError("disk full")

    def act(_step: str, _deps: Any, _row_id: int) -> Wakeups:
        raise StorageError("disk full")

    replace_steps(monkeypatch, act)

    def away_too(_deps: Any, _limit: int) -> Wakeups:
        raise StorageError("disk full")

    monkeypatch.setattr(sweep, "look", away)
    monkeypatch.setattr(sweep, "due_pages", away_too)
    monkeypatch.setattr(tasks, "log", get_log("test"))  # one that no other test has used and so fixed
    with capture_logs() as events:
        tasks.poll_feeds(1)
        tasks.sweep()
        tasks.tick_pages()
    assert asked == ["fetch", "analyze", "mail"], "every queue is looked at all the same"
    assert [(event["event"], event["reason"]) for event in events] == [("not done", "disk full")] * 5
    assert broker.take() == {}


def test_keeping_house_is_left_to_the_sweeping(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []

    def keep(given: Any) -> dict[str, int]:
        kept.append(given)
        return {"documents": len(kept) - 1}

    monkeypatch.setattr(sweep, "keep_house", keep)
    tasks.keep_house()
    tasks.keep_house()
    assert kept == [deps, deps]
