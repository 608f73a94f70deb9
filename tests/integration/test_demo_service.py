"""`storywatch demo`: the whole service as processes, until its digest is written."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import psutil
import pytest

from tests.integration.processes import descendants, storywatch, wait_until

pytestmark = pytest.mark.slow


def test_the_demo_prints_a_digest(tmp_path: Path) -> None:
    with storywatch("demo", "--folder", ".", folder=tmp_path) as process:
        assert wait_until(lambda: len(descendants(process)) > 4 or process.poll() is not None, seconds=50)
        started = descendants(process)
        process.wait(90)
    output = (tmp_path / "demo.log").read_text()
    assert process.returncode == 0, output
    assert not psutil.wait_procs(started, timeout=5)[1], "a process was left behind"
    (mail,) = (tmp_path / "outbox").glob("*.eml")
    assert str(mail.name) in output
    body = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    assert body.get_content().count("+3 reprints") == 1
