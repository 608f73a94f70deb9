"""`storywatch demo`: the whole service as processes, until its digest is written, and longer where it is kept."""

from __future__ import annotations

import re
import signal
import urllib.request
from email import message_from_bytes, policy
from pathlib import Path

import psutil
import pytest

from tests.integration.processes import descendants, storywatch, wait_until

pytestmark = pytest.mark.slow


def test_the_demo_prints_a_digest_and_stays_until_somebody_ends_it(tmp_path: Path) -> None:
    log = tmp_path / "demo.log"
    with storywatch("demo", "--keep", "--folder", ".", folder=tmp_path) as process:
        told_all = "storywatch stories list"
        assert wait_until(lambda: told_all in log.read_text() or process.poll() is not None, seconds=200)
        started = descendants(process)
        assert len(started) > 4
        check_doors(log.read_text())
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0, log.read_text()
    assert not psutil.wait_procs(started, timeout=5)[1], "a process was left behind"
    output = log.read_text()
    assert "Traceback" not in output
    (mail,) = (tmp_path / "outbox").glob("*.eml")
    assert str(mail.name) in output
    body = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    assert body.get_content().count("+3 reprints") == 1
    assert "storywatch demo --keep" in body.get_content(), "links that lead nowhere are said to"


def check_doors(output: str) -> None:
    """What is named to be opened can be."""
    doors = r"^  (the digest|the status page|the desk|a story's article|the reader's page) +(\S+)$"
    told = dict(re.findall(doors, output, re.MULTILINE))
    assert len(told) == 5, output
    for address in told.values():
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert answer.status in (200, None), address
