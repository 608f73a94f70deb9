"""Keeping child processes running: started in order, restarted with backoff, stopped in reverse order.

The strategy is Erlang's rest-for-one: when a child dies, those started after it depend on it and are
restarted too, so that nobody talks to a Redis that is no longer there.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from worker.setup.logs import get_log

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_SETTLED = 60.0  # seconds after which a child counts as healthy and its backoff is forgotten
_STOP_SECONDS = 8.0
_GLANCE = 0.2

# Loaded before any fork: between fork and exec a child must not load anything.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running. `others_need_it`: the children after it start again when it does."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    others_need_it: bool = False
    ready: Callable[[], bool] = lambda: True


@dataclass(slots=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    started: float


class Supervisor:
    """Runs children until told to stop. `start` and `stop` are for the owner, `watch` blocks.

    A child that dies is started again after `pause` seconds, doubled with every further death up to half
    a minute; one that is told to stop has `patience` seconds for it. What they print goes to the file descriptor
    `output`, or where our own goes.
    """

    def __init__(
        self, children: Sequence[Child], *, pause: float = _FIRST_PAUSE, patience: float = _STOP_SECONDS,
        output: int | None = None,
    ) -> None:  # fmt: skip
        self._children, self._output = tuple(children), output
        self._pause, self._patience = pause, patience
        self._running: dict[str, _Running] = {}
        self._deaths: dict[str, int] = {}
        self._restart_at: dict[str, float] = {}
        self._stopping = False

    def ask_to_stop(self) -> None:
        """Make `watch` return soon; safe to call from a signal handler."""
        self._stopping = True

    def start(self) -> None:
        """Start every child in order, each when the one before is ready."""
        for child in self._children:
            if not self._stopping:
                self._start(child)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Restart what dies, until asked to stop or until `until()`."""
        while not self._stopping and not until():
            self._tend()
            time.sleep(_GLANCE)

    def stop(self) -> None:
        """Stop the children in reverse order, the stubborn ones by force; within ten seconds by default."""
        deadline = time.monotonic() + self._patience
        needed = {child.name for child in self._children if child.others_need_it}
        others = [running for name, running in self._running.items() if name not in needed]
        for running in reversed(others):
            _signal(running.process, signal.SIGTERM)
        for running in others:
            _wait_or_kill(running, deadline)
        for name in needed & self._running.keys():
            _signal(self._running[name].process, signal.SIGTERM)
            _wait_or_kill(self._running[name], time.monotonic() + 1.0)
        self._running.clear()

    def _tend(self) -> None:
        now = time.monotonic()
        for position, child in enumerate(self._children):
            running = self._running.get(child.name)
            if running is not None and running.process.poll() is not None:
                self._mourn(running, now)
                if child.others_need_it:
                    self._stop_after(position)
            if child.name in self._running:
                continue
            if self._restart_at.get(child.name, 0.0) <= now:
                self._start(child)
            elif child.others_need_it:
                return

    def _mourn(self, running: _Running, now: float) -> None:
        name, lived = running.child.name, now - running.started
        deaths = 1 if lived > _SETTLED else self._deaths.get(name, 0) + 1
        pause = min(self._pause * 2 ** (deaths - 1), _LONGEST_PAUSE)
        self._deaths[name], self._restart_at[name] = deaths, now + pause
        _end_group(running.process)
        del self._running[name]
        log.warning("child died", child=name, code=running.process.returncode, lived_s=round(lived, 1), pause_s=pause)

    def _stop_after(self, position: int) -> None:
        for child in reversed(self._children[position + 1 :]):
            running = self._running.pop(child.name, None)
            if running is not None:
                _signal(running.process, signal.SIGKILL)
                running.process.wait()
                _end_group(running.process)

    def _start(self, child: Child) -> None:
        process = subprocess.Popen(  # noqa: S603 (our own command lines)
            list(child.command),
            env={**os.environ, **child.environment},
            stdout=self._output,
            stderr=self._output,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 (this process has no other thread)
        )
        self._running[child.name] = _Running(child, process, time.monotonic())
        log.info("child started", child=child.name, pid=process.pid)
        deadline = time.monotonic() + 10
        while not child.ready() and process.poll() is None and time.monotonic() < deadline and not self._stopping:
            time.sleep(0.02)


def _die_with_parent() -> None:
    """In the child, before its program starts: ask the kernel for SIGTERM when the supervisor is gone."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is None:
        process.send_signal(number)


def _wait_or_kill(running: _Running, deadline: float) -> None:
    try:
        running.process.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        log.warning("child killed", child=running.child.name, pid=running.process.pid)
        running.process.kill()
        running.process.wait()
    _end_group(running.process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Take a dead child's own children with it: every child leads a process group of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
