"""The supervisor, with real children that take a moment each."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from structlog.testing import capture_logs

from worker.service import supervisor as supervising
from worker.service.supervisor import Child, Supervisor
from worker.setup.logs import get_log

_PYTHON = (sys.executable, "-S", "-E", "-c")
_HEAD = """
import os, signal, sys, time
def note(what):
    with open("log", "a") as file:
        file.write(f"{what} {os.getpid()} {time.monotonic()}\\n")
"""
RUN = (
    _HEAD
    + """
def end(*_):
    note(sys.argv[1] + " stopped")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
note(sys.argv[1])
time.sleep(60)
"""
)
DIE = _HEAD + "note(sys.argv[1])\nsys.exit(3)"
STUBBORN = _HEAD + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nnote(sys.argv[1])\ntime.sleep(30)\nnote('woke')"
PARENT = (
    _HEAD
    + """
import subprocess
grandchild = subprocess.Popen([sys.executable, "-S", "-E", "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"],
    stdout=subprocess.PIPE)
grandchild.stdout.readline()
note(f"grandchild={grandchild.pid}")
note(sys.argv[1])
time.sleep(60)
"""
)
Supervise = Callable[..., Supervisor]


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "log"


@pytest.fixture
def supervise() -> Iterator[Supervise]:
    made: list[Supervisor] = []

    def make(*children: Child, pause: float = 0.05, patience: float = 5.0) -> Supervisor:
        made.append(Supervisor(children, pause=pause, patience=patience))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop()


def child(name: str, program: str = RUN, **more: object) -> Child:
    return Child(name, (*_PYTHON, program, name), **more)  # type: ignore[arg-type]


def notes(log: Path) -> list[str]:
    """What the children noted, without process ids and times."""
    return [line.rsplit(" ", 2)[0] for line in log.read_text().splitlines()] if log.is_file() else []


def starts(log: Path, name: str) -> list[float]:
    lines = [line.rsplit(" ", 2) for line in log.read_text().splitlines()]
    return [float(moment) for what, _, moment in lines if what == name]


def until(ready: Callable[[], bool], seconds: float = 20) -> Callable[[], bool]:
    """A condition for `watch` that fails instead of waiting for ever."""
    deadline = time.monotonic() + seconds

    def come() -> bool:
        assert time.monotonic() < deadline, "it did not come to that"
        return ready()

    return come


def noted(log: Path, **counts: int) -> Callable[[], bool]:
    """Whether each of these has been noted so often."""
    return until(lambda: all(notes(log).count(what) >= count for what, count in counts.items()))


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def pids() -> dict[str, int]:
    """By name: the children that run now."""
    found = {}
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):  # a zombie is one too
            *program, name = process.cmdline() or [""]
            if tuple(program[: len(_PYTHON)]) == _PYTHON:
                found[name] = process.pid
    return found


def test_children_start_in_order_each_when_the_one_before_is_ready(supervise: Supervise, log: Path) -> None:
    first = child("first", ready=lambda: "first" in notes(log))
    second = child("second", ready=lambda: "second" in notes(log))
    supervisor = supervise(first, second, child("third"))
    supervisor.start()
    assert notes(log)[:2] == ["first", "second"]
    assert pids().keys() == {"first", "second", "third"}


def test_a_child_gets_its_environment_on_top_of_ours(
    supervise: Supervise, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OURS", "ours")
    program = _HEAD + "note(os.environ['OURS'] + os.environ['ITS'])\ntime.sleep(60)"
    supervisor = supervise(Child("one", (*_PYTHON, program), {"ITS": "its"}))
    supervisor.start()
    supervisor.watch(noted(log, oursits=1))


def test_a_child_that_dies_is_restarted_with_growing_pauses(
    supervise: Supervise, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "log", get_log("test"))  # one that no other test has used and so fixed
    supervisor = supervise(child("frail", DIE), child("steady"), pause=0.1)
    supervisor.start()
    steady = pids()["steady"]
    with capture_logs() as events:
        supervisor.watch(noted(log, frail=4, steady=1))
    died = [event for event in events if event["event"] == "child died"]
    assert [(event["child"], event["code"], event["pause_s"]) for event in died] == [
        ("frail", 3, 0.1), ("frail", 3, 0.2), ("frail", 3, 0.4),
    ]  # fmt: skip
    gaps = [later - earlier for earlier, later in pairwise(starts(log, "frail"))]
    assert all(gap >= event["pause_s"] for gap, event in zip(gaps, died, strict=True))
    assert pids()["steady"] == steady, "the others go on"
    assert notes(log).count("steady") == 1


def test_a_child_killed_from_outside_is_restarted_as_well(supervise: Supervise, log: Path) -> None:
    supervisor = supervise(child("one"))
    supervisor.start()
    supervisor.watch(noted(log, one=1))
    before = pids()["one"]
    os.kill(before, signal.SIGKILL)
    supervisor.watch(noted(log, one=2))
    assert pids()["one"] != before


def test_when_one_that_others_need_dies_those_after_it_are_restarted_after_it(supervise: Supervise, log: Path) -> None:
    needed = child("needed", others_need_it=True, ready=lambda: notes(log).count("needed") == len(lives))
    lives = ["first"]
    supervisor = supervise(child("before"), needed, child("after", STUBBORN), child("last"), pause=0.5, patience=0.2)
    supervisor.start()
    supervisor.watch(noted(log, before=1, needed=1, after=1, last=1))
    old = pids()
    lives.append("second")
    os.kill(old["needed"], signal.SIGKILL)
    supervisor.watch(until(lambda: pids().keys() == {"before"}))  # what needs it waits until it is there again
    assert not is_running(old["after"])
    assert not is_running(old["last"])
    supervisor.watch(noted(log, needed=2, after=2, last=2))
    new = pids()
    assert new["before"] == old["before"]
    assert not {new["needed"], new["after"], new["last"]} & set(old.values())
    assert min(starts(log, "after")[1], starts(log, "last")[1]) >= starts(log, "needed")[1]


def test_a_child_that_others_do_not_need_takes_nobody_with_it(supervise: Supervise, log: Path) -> None:
    supervisor = supervise(child("first"), child("second"))
    supervisor.start()
    supervisor.watch(noted(log, first=1, second=1))
    second = pids()["second"]
    os.kill(pids()["first"], signal.SIGKILL)
    supervisor.watch(noted(log, first=2))
    assert pids()["second"] == second


def test_what_others_need_is_stopped_after_them(supervise: Supervise, log: Path) -> None:
    supervisor = supervise(child("needed", others_need_it=True), child("one"), child("two"))
    supervisor.start()
    supervisor.watch(noted(log, needed=1, one=1, two=1))
    running = pids()
    supervisor.stop()
    ended = [note for note in notes(log) if note.endswith("stopped")]
    assert ended[-1] == "needed stopped"
    assert set(ended) == {"one stopped", "two stopped", "needed stopped"}
    assert pids() == {}
    assert not any(is_running(pid) for pid in running.values())


def test_a_stubborn_child_is_stopped_by_force_within_the_time(supervise: Supervise, log: Path) -> None:
    supervisor = supervise(child("stubborn", STUBBORN), child("polite"), patience=0.3)
    supervisor.start()
    supervisor.watch(noted(log, stubborn=1, polite=1))
    running = pids()
    supervisor.stop()
    assert "woke" not in notes(log), "it was left to end by itself"
    assert "polite stopped" in notes(log), "the others are asked, not forced"
    assert not any(is_running(pid) for pid in running.values())


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_childs_own_children_go_with_it(end: str, supervise: Supervise, log: Path) -> None:
    supervisor = supervise(child("parent", PARENT))
    supervisor.start()
    supervisor.watch(noted(log, parent=1))
    (grandchild,) = (int(note.partition("=")[2]) for note in notes(log) if note.startswith("grandchild="))
    assert is_running(grandchild)
    if end == "kill":
        os.kill(pids()["parent"], signal.SIGKILL)
        supervisor.watch(noted(log, parent=2))
    else:
        supervisor.stop()
    assert _is_gone_soon(grandchild)


def _is_gone_soon(pid: int) -> bool:
    """It has been killed; whoever inherited it needs a moment to take note."""
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_running(pid)


def test_one_that_never_gets_ready_does_not_hold_up_a_stop(supervise: Supervise, log: Path) -> None:
    asked: list[bool] = []

    def never() -> bool:
        asked.append(True)
        supervisor.ask_to_stop()
        return False

    supervisor = supervise(child("one", ready=never), child("two"))
    supervisor.start()
    assert pids().keys() == {"one"}
    supervisor.watch()
    supervisor.stop()
    assert len(asked) == 1
    assert pids() == {}


def test_one_that_dies_before_it_is_ready_is_not_waited_for(supervise: Supervise, log: Path) -> None:
    supervisor = supervise(child("frail", DIE, ready=lambda: False), child("two"))
    supervisor.start()
    supervisor.watch(noted(log, frail=1, two=1))


def test_stopping_what_was_never_started_is_nothing(supervise: Supervise) -> None:
    supervise(child("one")).stop()
