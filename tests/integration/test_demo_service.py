"""`storywatch demo`: the whole service as processes, until its digest is written."""

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


def test_the_demo_prints_a_digest(tmp_path: Path) -> None:
    with storywatch("demo", "--folder", ".", folder=tmp_path) as process:
        assert wait_until(lambda: len(descendants(process)) > 4 or process.poll() is not None, seconds=100)
        started = descendants(process)
        process.wait(200)
    output = (tmp_path / "demo.log").read_text()
    assert process.returncode == 0, output
    assert not psutil.wait_procs(started, timeout=5)[1], "a process was left behind"
    (mail,) = (tmp_path / "outbox").glob("*.eml")
    assert str(mail.name) in output
    body = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    assert body.get_content().count("+3 reprints") == 1
    assert "storywatch demo --keep" in body.get_content(), "links that lead nowhere are said to"
    assert "The demo has ended" in output


def test_it_stays_until_somebody_ends_it(tmp_path: Path) -> None:
    log = tmp_path / "demo.log"
    with storywatch("demo", "--keep", "--folder", ".", folder=tmp_path) as process:
        assert wait_until(lambda: "storywatch stories list" in log.read_text(), seconds=200), log.read_text()
        told = dict(
            re.findall(
                r"^  (the digest|the status page|a story's article|the reader's page) +(\S+)$", log.read_text(), re.M
            )
        )
        assert len(told) == 4
        for address in told.values():
            with urllib.request.urlopen(address, timeout=20) as answer:
                assert answer.status in (200, None), address
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert "Traceback" not in log.read_text()
