"""A hundred digests through a mail server that dies at every stage, from a worker that is killed at every stage.

Nothing is lost, and nothing is doubled but what was in doubt: the same bytes once more, after the window.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select as query

from models import Delivery
from tests.conftest import ROOT
from tests.integration import faulty_mail_server as at
from tests.integration.faulty_mail_server import FaultyMailServer
from tests.integration.processes import storywatch
from tests.integration.test_crash_safety import add_delivery
from worker.storage.db.database import Database

pytestmark = pytest.mark.slow

READERS = 100
SPEED = 100.0
DOUBT = 300.0  # seconds, by the fast clock
PATIENCE = 300  # real seconds; a quiet machine needs 20
# By recipient's last digit: where the server hangs up on the first try.
HANGS_UP = {1: at.RCPT, 2: at.DATA, 3: at.TEXT, 4: at.LOST, 5: at.KEPT, 6: at.LATER, 7: at.REPLY}
HANGS_UP_EARLY = {(at.CONNECT, 3), (at.CONNECT, 11), (at.EHLO, 5), (at.EHLO, 14), (at.MAIL, 20), (at.MAIL, 60)}
KILLS = {
    (at.CONNECT, 7), (at.EHLO, 17), (at.MAIL, 40), (at.RCPT, 28), (at.DATA, 38), (at.TEXT, 48),
    (at.LOST, 58), (at.KEPT, 68), (at.REPLY, 78),
}  # fmt: skip
AFTER_THE_DOT = (at.LOST, at.KEPT, at.REPLY)


class Day:
    """What is to go wrong, each once. `in_doubt` are the readers whose message may have been taken unseen."""

    def __init__(self, workers: subprocess.Popen[str], database: Database) -> None:
        self._workers = workers
        self._database = database
        self._worker = 0
        self.done: set[tuple[str, int]] = set()
        self.in_doubt: set[int] = set()
        self.spared: set[int] = set()
        self.starts = 0

    def fate(self, stage: str, number: int) -> bool:
        """Whether the server hangs up now (or puts off); a kill comes first."""
        event, of_message = (stage, number), stage not in (at.CONNECT, at.EHLO, at.MAIL)
        own = of_message and HANGS_UP.get(number % 10) == stage
        if event in self.done or not (event in KILLS or event in HANGS_UP_EARLY or own):
            return False
        if of_message and number in self.spared:
            return False
        if event in KILLS and not of_message and states(self._database)["resending"]:
            return False  # whose turn it is on this connection is not known: it may be one that had its share
        self.done.add(event)
        if stage in AFTER_THE_DOT:
            self.in_doubt.add(number)
        if event in KILLS:
            os.kill(self._worker, signal.SIGKILL)
        return True

    def keep_running(self, database: Database) -> None:
        """Start a worker where there is none. Who is left in the middle is in doubt, and has had its share."""
        assert self._workers.stdin
        assert self._workers.stdout
        if self._worker:
            if not select.select([self._workers.stdout], [], [], 0)[0]:
                return
            assert self._workers.stdout.readline() == "gone\n"
        left = left_in_the_middle(database)
        self.in_doubt |= left
        self.spared |= left
        self._workers.stdin.write("start\n")
        self._workers.stdin.flush()
        self._worker = int(self._workers.stdout.readline())
        self.starts += 1

    def end(self) -> None:
        if self._worker:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._worker, signal.SIGKILL)


def left_in_the_middle(database: Database) -> set[int]:
    """The readers whose delivery is marked as being sent."""
    with database.reading() as session:
        rows = session.scalars(query(Delivery.recipient).where(Delivery.state.in_(("sending", "resending"))))
        return {int(address.removeprefix("reader").partition("@")[0]) for address in rows}


def states(database: Database) -> Counter[str]:
    with database.reading() as session:
        return Counter(session.scalars(query(Delivery.state)))


def test_nothing_is_lost_and_nothing_doubled_outside_the_window(
    sqlite: Database, redis_url: str, tmp_path: Path
) -> None:
    database = sqlite  # PostgreSQL passes too; the suite has no time for both
    for number in range(READERS):
        add_delivery(database, f"reader{number}")
    server = FaultyMailServer()
    settings = {
        "DATABASE_URL": database.url, "REDIS_URL": redis_url, "STORYWATCH_MAIL__HOST": "127.0.0.1",
        "STORYWATCH_MAIL__PORT": str(server.port), "STORYWATCH_MAIL__SECURITY": "none",
        "STORYWATCH_MAIL__PER_MINUTE": "0", "STORYWATCH_MAIL__DOUBT_SECONDS": str(DOUBT),
        "STORYWATCH_CLOCK__DIGESTS_SECONDS": "1.5", "STORYWATCH_CLOCK__SWEEP_SECONDS": "3600",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.integration.fast_mail_worker", str(SPEED), str(time.time())]
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    with (tmp_path / "worker.log").open("a") as log:
        workers = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
    day = Day(workers, database)
    server.fates = day.fate
    deadline = time.monotonic() + PATIENCE
    try:
        with storywatch("beat", folder=tmp_path, **settings):
            while set(states(database)) - {"sent", "dead"} and time.monotonic() < deadline:
                day.keep_running(database)
                time.sleep(0.1)
    finally:
        day.end()
        workers.communicate(timeout=10)
        server.close()

    assert states(database) == {"sent": READERS}, (tmp_path / "worker.log").read_text()[-3000:]
    assert day.done >= HANGS_UP_EARLY
    # One of those on a connection may have hit a reader whose turn it would have been later.
    assert day.starts == len(day.done & KILLS) + 1 >= len(KILLS) - 1
    assert set(server.taken) == set(range(READERS)), "every reader has the digest"
    doubled = {number: copies for number, copies in server.taken.items() if len(copies) > 1}
    assert set(doubled) <= day.in_doubt
    assert len(doubled) >= READERS // 10, "the server took these and did not say so"
    for number, copies in server.taken.items():
        assert len(copies) <= 2
        assert len({text for _, text in copies}) == 1, "the same bytes, hence the same Message-ID"
        assert f"Message-ID: <reader{number}@news.example>".encode() in copies[0][1]
        assert copies[-1][0] - copies[0][0] >= DOUBT / SPEED - 1 or len(copies) == 1, "not before the window is over"
