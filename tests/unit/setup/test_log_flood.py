"""A fault that strikes again and again fills no disk with its lines."""

from __future__ import annotations

import json
import logging

import pytest

from worker.setup.log_flood import FloodFilter
from worker.setup.logs import configure_logs, get_log


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def record(
    message: object, arguments: tuple[object, ...] = (), *, level: int = logging.ERROR, name: str = "worker.tasks"
) -> logging.LogRecord:
    return logging.LogRecord(name, level, "", 0, message, arguments, None)


def failed_task(name: str, said: str, id_: str = "6f1c2a34-90ab-4cde-8f01-23456789abcd") -> logging.LogRecord:
    """As Celery says it: one template for all tasks."""
    context = {"name": name, "id": id_, "description": "raised unexpected", "exc": said}
    return record("Task %(name)s[%(id)s] %(description)s: %(exc)s", (context,), name="celery.app.trace")


def test_one_cause_is_said_once_a_minute_and_then_how_often_it_was() -> None:
    clock = Clock()
    flood = FloodFilter(clock)
    passed = []
    for second in range(130):
        clock.seconds = second
        event = {"event": "not done", "task": f"t{second}", "reason": f"disk is full at page {second}"}
        one = record(event)
        if flood.filter(one):
            passed.append((second, one.msg.get("times_since") if isinstance(one.msg, dict) else None))
    assert passed == [(0, None), (60, 59), (120, 59)]


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (record({"event": "a", "reason": "x"}), record({"event": "a", "reason": "y"})),
        (record({"event": "a"}), record({"event": "b"})),
        (record({"event": "child died", "child": "web"}), record({"event": "child died", "child": "beat"})),
        (record("lost after 3 s"), record("found after 3 s")),
        (record("same"), record("same", name="worker.web")),
        (failed_task("analyze_article", "ValueError('x')"), failed_task("deliver", "ValueError('x')")),
        (failed_task("deliver", "ValueError('x')"), failed_task("deliver", "KeyError('x')")),
        (
            record({"event": "something needs a person", "what": "mail refused", "reason": "it is so"}),
            record({"event": "something needs a person", "what": "disk", "reason": "it is so"}),
        ),
        (
            record({"event": "not renewed", "topic": "ferries", "reason": "the file is broken"}),
            record({"event": "not renewed", "topic": "trams", "reason": "the file is broken"}),
        ),
    ],
)
def test_what_is_of_another_cause_is_said(first: logging.LogRecord, other: logging.LogRecord) -> None:
    flood = FloodFilter(Clock())
    assert flood.filter(first)
    assert flood.filter(other)
    assert not flood.filter(first)


def test_what_is_said_of_one_thing_again_is_of_one_cause_whatever_its_numbers() -> None:
    flood = FloodFilter(Clock())
    lines = [record({"event": "child died", "child": "web", "lived_s": n, "timestamp": f"{n}"}) for n in (0.5, 1.25)]
    assert [flood.filter(line) for line in lines] == [True, False]


def test_a_full_disk_is_one_cause_whichever_rows_and_tasks_meet_it() -> None:
    flood = FloodFilter(Clock())
    tasks = ("sweep", "fetch_page", "deliver")
    lines = [
        record({"event": "not done", "task": tasks[n % 3], "article": n, "reason": f"no space: {n * 1.5} MB"})
        for n in range(2_248)
    ]
    assert sum(map(flood.filter, lines)) == 1
    of_celery = [failed_task("deliver", f"row {n}", f"{n:08x}-90ab-4cde-8f01-23456789abcd") for n in range(500)]
    assert sum(map(flood.filter, of_celery)) == 1


def test_a_line_whose_arguments_do_not_fit_is_left_to_the_handler() -> None:
    assert FloodFilter(Clock()).filter(record("%d of %d", ("one",)))


def test_what_is_no_trouble_is_always_said() -> None:
    flood = FloodFilter(Clock())
    assert all(flood.filter(record({"event": "delivery"}, level=logging.INFO)) for _ in range(9))


def test_a_librarys_line_says_it_in_words_and_many_causes_take_no_memory() -> None:
    clock = Clock()
    flood = FloodFilter(clock)
    flood.filter(record("gone 1"))
    assert not flood.filter(record("gone 2"))
    clock.seconds = 61
    said = record("gone 3")
    assert flood.filter(said)
    assert said.getMessage() == "gone 3 (and 1 times since it was last said)"
    for number in range(2_000):
        flood.filter(record(f"cause {'x' * (number % 1_000)} {chr(65 + number % 26)}"))
    assert len(flood._passed) <= 500


def test_it_stands_before_everything_that_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        configure_logs("info", "json")
        for number in range(5):
            get_log("worker.x").error("not done", task=number, reason="the disk is full")
            get_log("worker.x").info("done", task=number)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    said = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert (said.count("not done"), said.count("done")) == (1, 5)
