"""The Celery shell, on Celery's own broker in memory: what is sent where, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery, current_app
from kombu.transport.memory import Channel
from structlog.testing import capture_logs

from worker.errors import StorageError
from worker.pipeline import STEPS, Step
from worker.queue import housekeeping, sweep, tasks
from worker.queue.tasks import JOBS, task_name
from worker.setup import deps as real_deps
from worker.setup import topic_watch
from worker.setup.logs import get_log
from worker.setup.settings import load_settings
from worker.step import Wakeup, Wakeups


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
    """As much of the real things as the shell looks at: how long the queues are, and what counts the steps."""

    lengths: dict[str, int] = field(default_factory=dict)
    noted: list[tuple[str, str]] = field(default_factory=list)

    @property
    def redis(self) -> Any:
        return SimpleNamespace(llen=lambda queue: self.lengths.get(queue, 0))

    @property
    def step_meter(self) -> Any:
        return SimpleNamespace(note=lambda step, outcome, _seconds: self.noted.append((step, outcome)))


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
    monkeypatch.setattr(Step, "run", lambda step, deps, row_id: act(step.name, deps, row_id))


def run(name: str, *row_ids: int) -> None:
    """What a worker does with a message."""
    current_app.tasks[task_name(name)](*row_ids)


def test_there_is_a_task_for_every_step_and_every_job(broker: Broker) -> None:
    ours = {name for name in broker.app.tasks if name.startswith(task_name(""))}
    assert ours == {task_name(name) for name in (*STEPS, *JOBS)}


def test_every_step_is_found_where_the_table_says() -> None:
    for step in STEPS.values():
        module = import_module(step.module)
        assert callable(getattr(module, step.name))
        assert callable(module.due)


def test_every_step_is_looked_after_by_a_job_of_the_clock() -> None:
    for step in STEPS.values():
        assert set(step.jobs) <= set(JOBS), step.name
        assert step.jobs


@pytest.mark.parametrize("name", STEPS)
def test_a_task_runs_its_step_with_the_real_things_and_the_id(
    name: str, broker: Broker, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, Any, int]] = []

    def act(step: str, given: Any, row_id: int) -> Wakeups:
        ran.append((step, given, row_id))
        return ()

    replace_steps(monkeypatch, act)
    run(name, 41)
    assert ran == [(name, deps, 41)]
    assert broker.take() == {}


def test_a_step_may_wake_itself(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_steps(monkeypatch, lambda step, _deps, row_id: (Wakeup(step, row_id),))
    run("retag_articles", 7)
    assert broker.take() == {"analyze": [("storywatch.retag_articles", 7)]}


def test_what_a_step_wakes_is_sent_to_its_queue_after_the_step(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    during: list[object] = []

    def act(_step: str, _deps: Any, row_id: int) -> Wakeups:
        during.append(broker.take())
        return tuple(Wakeup(name, row_id + number) for number, name in enumerate(STEPS))

    replace_steps(monkeypatch, act)
    run("read_feed", 10)
    assert during == [{}], "nothing is sent before the step has committed and returned"
    sent = broker.take()
    assert {(queue, task) for queue, messages in sent.items() for task, *_ in messages} == {
        (step.queue, task_name(step.name)) for step in STEPS.values()
    }
    assert sorted(row_id for messages in sent.values() for _, row_id in messages) == list(range(10, 10 + len(STEPS)))


def test_a_step_that_fails_sends_nothing_and_is_not_tried_again_by_celery(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(_step: str, _deps: Any, _row_id: int) -> Wakeups:
        raise ValueError("a defect")

    replace_steps(monkeypatch, act)
    for name in STEPS:
        assert current_app.tasks[task_name(name)].apply((1,)).state == "FAILURE"
    assert broker.take() == {}


@pytest.mark.parametrize(
    ("fault", "outcome"), [(None, "done"), (ValueError("a defect"), "failed"), (StorageError("away"), "no database")]
)
def test_a_step_is_counted_under_how_it_ends(
    fault: Exception | None, outcome: str, broker: Broker, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(_step: str, _deps: Any, _row_id: int) -> Wakeups:
        if fault is not None:
            raise fault
        return ()

    replace_steps(monkeypatch, act)
    current_app.tasks[task_name("deliver")].apply((1,))
    assert deps.noted == [("deliver", outcome)]


def replace_look(monkeypatch: pytest.MonkeyPatch, *, found: int = 0) -> list[tuple[str, int]]:
    """Let every queue have `found` rows waiting; return what was asked for."""
    asked: list[tuple[str, int]] = []
    rows = count()

    def look(_deps: Any, _job: str, queue: str, *, room: int) -> Wakeups:
        asked.append((queue, room))
        step = next(step.name for step in STEPS.values() if step.queue == queue)
        return tuple(Wakeup(step, next(rows)) for _ in range(min(found, max(room, 0))))

    monkeypatch.setattr(sweep, "look", look)
    return asked


@pytest.mark.parametrize(
    ("job", "queues"),
    [
        ("feeds", ["fetch"]),
        ("pages", ["fetch"]),
        ("digests", ["mail"]),
        ("stories", ["analyze"]),
        ("sweep", ["fetch", "analyze", "mail"]),
    ],
)
def test_a_job_looks_at_its_queues_and_sends_what_it_finds(
    job: str, queues: list[str], broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = replace_look(monkeypatch, found=3)
    run(job)
    assert [queue for queue, _ in asked] == queues
    sent = {queue: [row for message in messages for row in message[1:]] for queue, messages in broker.take().items()}
    assert {queue: len(rows) for queue, rows in sent.items()} == dict.fromkeys(queues, 3)


@pytest.mark.parametrize(("found", "sizes"), [(3, [3]), (120, [5] * 24), (1999, [39] * 51 + [10]), (2000, [40] * 50)])
def test_the_more_feeds_are_due_the_more_share_a_message(
    found: int, sizes: list[int], broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_look(monkeypatch, found=found)
    run("feeds")
    messages = broker.take()["fetch"]
    assert {message[0] for message in messages} == {"storywatch.poll_feeds"}
    assert [len(message) - 1 for message in messages] == sizes
    assert [row for message in messages for row in message[1:]] == list(range(found))


def test_digests_that_are_due_share_messages_and_deliveries_do_not(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = tuple(Wakeup("plan_digests", number) for number in range(2000))
    monkeypatch.setattr(sweep, "look", lambda *_, room: (*due, Wakeup("deliver", 7), Wakeup("deliver", 8))[: room + 2])
    run("digests")
    *planned, first, second = broker.take()["mail"]
    assert [len(message) - 1 for message in planned] == [40] * 50
    assert [row for message in planned for row in message[1:]] == list(range(2000))
    assert (first, second) == (("storywatch.deliver", 7), ("storywatch.deliver", 8))


def test_a_queue_is_given_no_more_than_it_has_room_for(
    broker: Broker, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = replace_look(monkeypatch)
    run("sweep")
    (_, most), *_ = empty
    deps.lengths = {"fetch": most - 2, "analyze": most, "mail": most + 500}
    asked = replace_look(monkeypatch, found=9)
    run("sweep")
    assert asked == [("fetch", 2), ("analyze", 0), ("mail", -500)]
    assert [message[1:] for message in broker.take()["fetch"]] == [(0, 1)]


def test_the_pages_whose_turn_has_come_are_woken_as_far_as_there_is_room(
    broker: Broker, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Any, int]] = []

    def find_due(step: Step, given: Any, limit: int) -> list[int]:
        if step.name != "fetch_page":
            return []
        asked.append((step.name, given, limit))
        return [7]

    monkeypatch.setattr(Step, "find_due", find_due)
    run("pages")
    deps.lengths = {"fetch": asked[0][2] - 1}
    run("pages")
    assert [name for name, _, _ in asked] == ["fetch_page"] * 2
    assert asked[1] == ("fetch_page", deps, 1)
    assert broker.take() == {"fetch": [("storywatch.fetch_page", 7)] * 2}


def test_a_database_that_is_away_is_a_line_in_the_log_and_no_crash(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def away(_deps: Any, _job: str, queue: str, *, room: int) -> Wakeups:
        asked.append(queue)
        raise StorageError("disk full")

    def act(_step: str, _deps: Any, _row_id: int) -> Wakeups:
        raise StorageError("disk full")

    replace_steps(monkeypatch, act)

    monkeypatch.setattr(sweep, "look", away)
    monkeypatch.setattr(tasks, "log", get_log("test"))  # one that no other test has used and so fixed
    with capture_logs() as events:
        run("poll_feeds", 1)
        run("sweep")
        run("pages")
    assert asked == ["fetch", "analyze", "mail", "fetch"], "every queue is looked at all the same"
    assert [(event["event"], event["reason"]) for event in events] == [("not done", "disk full")] * 5
    assert broker.take() == {}


def test_keeping_house_is_left_to_the_sweeping(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []

    def keep(given: Any) -> dict[str, int]:
        kept.append(given)
        return {"documents": len(kept) - 1}

    monkeypatch.setattr(housekeeping, "keep_house", keep)
    run("keep_house")
    run("keep_house")
    assert kept == [deps, deps]


def test_topic_files_are_looked_after_with_the_settings_as_they_are_by_now(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[object, object]] = []
    watch = SimpleNamespace(look=lambda deps, read_settings: looks.append((deps, read_settings)))
    monkeypatch.setattr(topic_watch, "process_watch", lambda: watch)
    run("topics")
    assert looks == [(deps, load_settings)]
