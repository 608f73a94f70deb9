"""`storywatch demo`: the whole service as processes, undisturbed and with a child killed in the middle."""

from __future__ import annotations

import re
import sqlite3
from email import message_from_bytes, policy
from pathlib import Path

import psutil
import pytest

from tests.integration.processes import MARKS, child, descendants, storywatch, wait_until

pytestmark = pytest.mark.slow


def analyzed(folder: Path) -> int:
    """How many articles are done; 0 while there is no database."""
    try:
        with sqlite3.connect(f"file:{folder / 'data' / 'storywatch.db'}?mode=ro", uri=True) as connection:
            (count,) = connection.execute("SELECT count(*) FROM articles WHERE state = 'analyzed'").fetchone()
    except sqlite3.Error:
        return 0
    finally:
        if "connection" in locals():
            connection.close()
    return int(count)


def run_demo(folder: Path, kill: str | None = None) -> str:
    """Run the demo, kill one child while articles are being read, and return the digest's text."""
    with storywatch("demo", "--folder", ".", folder=folder) as process:
        if kill:
            assert wait_until(lambda: analyzed(folder) >= 3 or process.poll() is not None, seconds=50)
            victim = child(process, kill)
            assert victim is not None
            victim.kill()
        started = descendants(process)
        process.wait(90)
    output = (folder / "demo.log").read_text()
    assert process.returncode == 0, output
    assert not psutil.wait_procs(started, timeout=5)[1], "a process was left behind"
    (mail,) = (folder / "outbox").glob("*.eml")
    assert str(mail.name) in output
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def told(text: str) -> list[str]:
    """What a digest tells, without what differs from one run to the next: ports, tokens, times."""
    return [re.sub(r"http\S+|\d\d:\d\d|\w\w\w, \w\w\w \d+", "", line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    return run_demo(tmp_path_factory.mktemp("undisturbed"))


def test_the_demo_prints_a_digest(undisturbed: str) -> None:
    assert undisturbed.count("+3 reprints") == 1


@pytest.mark.parametrize("name", sorted(MARKS))
def test_a_killed_child_changes_nothing_in_the_digest(name: str, undisturbed: str, tmp_path: Path) -> None:
    assert told(run_demo(tmp_path, kill=name)) == told(undisturbed)
