"""Events on standard error, as text and as JSON lines."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from worker.setup.logs import configure_logs, get_log

STRANGE = "odd\n2026-01-01T00:00:00Z [info] all is well\x1b[31m\u2028"


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Give the process its own logging back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    quiet = {name: logging.getLogger(name).level for name in ("kombu", "amqp", "uvicorn.access", "trafilatura")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def written(capsys: pytest.CaptureFixture[str]) -> list[str]:
    streams = capsys.readouterr()
    assert streams.out == "", "standard output belongs to what a command prints"
    return streams.err.splitlines()


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(capsys)]


def fail(log: Any) -> None:
    try:
        raise ValueError(STRANGE)
    except ValueError:
        log.exception("it failed")


def test_an_event_as_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "json")
    get_log("worker.test").info("child started", child="io", pid=3)
    logging.getLogger("celery.test").warning("lost %s of %d", "one", 2)
    ours, theirs = events(capsys)
    assert ours.pop("timestamp").endswith("Z")
    assert ours == {"event": "child started", "level": "info", "logger": "worker.test", "child": "io", "pid": 3}
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("lost one of 2", "warning", "celery.test")


def test_an_event_as_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "text")
    get_log("worker.test").info("child started", child="io", pid=3)
    (line,) = written(capsys)
    assert "child started [worker.test] child=io pid=3" in line
    assert "\x1b" not in line, "no colours where it is not a terminal"


@pytest.mark.parametrize(("level", "seen"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_what_is_below_the_level_is_not_written(level: str, seen: int, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(level, "json")
    for name in ("debug", "info", "warning", "error"):
        getattr(get_log("worker.test"), name)("said")
    assert len(events(capsys)) == seen


def test_the_chatter_of_libraries_is_left_out_and_their_warnings_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "json")
    logging.getLogger("kombu").info("connected")
    logging.getLogger("kombu").warning("lost")
    assert [event["event"] for event in events(capsys)] == ["lost"]


@pytest.mark.parametrize("style", ["json", "text"])
def test_an_exception_is_written_with_its_traceback(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", style)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fail(get_log("worker.test"))
        fail(logging.getLogger("celery.test"))
    said = "\n".join(written(capsys))
    assert said.count("it failed") == said.count("Traceback (most recent call last)") == 2
    assert said.count("ValueError: odd") == 2


def test_what_strangers_wrote_cannot_pass_for_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "text")
    get_log("worker.test").warning("seen", title=STRANGE)
    logging.getLogger("celery.test").warning("raised %s", STRANGE)
    fail(get_log("worker.test"))
    lines = written(capsys)
    assert sum(line.startswith("20") for line in lines) == 3
    assert not any(char in line for line in lines for char in "\x1b\u2028")
    assert any("\\x1b[31m" in line for line in lines)


def test_configured_twice_an_event_is_written_once(capsys: pytest.CaptureFixture[str]) -> None:
    for style in ("text", "json"):
        configure_logs("info", style)
    logging.getLogger("celery.test").warning("lost")
    assert len(events(capsys)) == 1
