"""`storywatch run`: comes up, refuses a second one, goes down, and what it says when something is in the way."""

from __future__ import annotations

import json
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.integration.processes import child, descendants, storywatch, wait_until
from worker.cli.main import main

pytestmark = pytest.mark.slow

CONFIGURATION = """
log_format = "json"
builtin_topics = false
[web]
port = {port}
status_port = {status_port}
[clock]
feeds_seconds = 1
digests_seconds = 1
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


port, status_port = pytest.fixture(free_port, name="port"), pytest.fixture(free_port, name="status_port")


@pytest.fixture
def folder(tmp_path: Path, port: int, status_port: int) -> Path:
    (tmp_path / "storywatch.toml").write_text(CONFIGURATION.format(port=port, status_port=status_port))
    return tmp_path


def listens_at(port: int) -> set[str]:
    """The addresses at which somebody listens on that port."""
    sockets = psutil.net_connections("tcp")
    return {str(one.laddr[0]) for one in sockets if one.status == psutil.CONN_LISTEN and one.laddr[1] == port}


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(json.load(answer)["ok"])
    except OSError:
        return False


def test_up_second_refused_and_down_without_a_trace(folder: Path, port: int, status_port: int) -> None:
    with storywatch("run", folder=folder) as first:
        assert wait_until(lambda: is_healthy(port)), (folder / "run.log").read_text()
        assert listens_at(status_port) == {"127.0.0.1"}
        with urllib.request.urlopen(f"http://127.0.0.1:{status_port}/", timeout=10) as status:
            assert b"No feed is watched yet" in status.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10)
        sockets = list(Path("/tmp").glob("storywatch-*/redis.sock"))
        assert sockets
        with storywatch("run", folder=folder) as second:
            assert second.wait(20) == 1
        log = (folder / "run.log").read_text()
        assert f"is running on {folder / 'data'} already (process {first.pid})" in log
        assert "Traceback" not in log
        started = descendants(first)
        assert len(started) >= 5
        begun = time.monotonic()
        first.send_signal(signal.SIGTERM)
        assert first.wait(12) == 0
        assert time.monotonic() - begun < 11
        assert not psutil.wait_procs(started, timeout=1)[1], "a process was left behind"
    with storywatch("run", folder=folder) as again:
        assert wait_until(lambda: is_healthy(port)), "the lock of a stopped service is stale"
        again.send_signal(signal.SIGINT)
        assert again.wait(12) == 0


def test_a_taken_port_is_told_first_and_stops_nothing_else(folder: Path, port: int, status_port: int) -> None:
    with socket.create_server(("127.0.0.1", port)), storywatch("run", folder=folder) as process:
        log = folder / "run.log"
        assert wait_until(lambda: f"web.port {port} on 127.0.0.1 cannot be used" in log.read_text())
        assert wait_until(lambda: "fetch-mail@" in log.read_text())
        before, _, after = log.read_text().partition("Storywatch is running")
        assert f"Warning: web.port {port} on 127.0.0.1 cannot be used" in before
        assert after.startswith(f". Status: http://127.0.0.1:{status_port}/")
        assert child(process, "beat") is not None
        process.send_signal(signal.SIGTERM)
        assert process.wait(12) == 0
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fetch]\nthreads = 0\n", "fetch.threads"),
        ("[fetch]\nthread = 4\n", "fetch.thread"),
        ("[mail]\npassword = 'x'\n", "secrets come from the environment"),
        ("[[feeds]]\nurl = 'ftp://x'\n", "feeds.0.url"),
        ("[web\n", "storywatch.toml"),
    ],
)
def test_a_wrong_setting_is_named_before_anything_starts(
    tmp_path: Path, text: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "storywatch.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["run"]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["storywatch.toml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fetch]\nthreads = 0\n", "fetch.threads"),
        ("topic_files = ['missing.toml']\n", "missing.toml"),
        ("[[subscribers]]\naddress = 'a@b.example'\nschedule = 'now and then'\n", "now and then"),
        ("[[subscribers]]\naddress = 'a@b.example'\ntopics = ['no-such-topic']\n", "no-such-topic"),
    ],
)
def test_a_wrong_configuration_is_named_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "storywatch.toml").write_text(text)
    with storywatch("run", folder=tmp_path) as process:
        assert process.wait(30) == 2
    log = (tmp_path / "run.log").read_text()
    assert said in log
    assert "Traceback" not in log
