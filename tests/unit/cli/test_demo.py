from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from worker.cli.main import main
from worker.setup.settings import CONFIG_VARIABLE


class Watch:
    """A demo whose digest is there at once, or never."""

    def __init__(self, digest: Path | None) -> None:
        self.digest = digest

    def look(self) -> SimpleNamespace:
        return SimpleNamespace(articles=37, waiting=3)

    def finished(self) -> bool:
        return self.digest is not None


@pytest.fixture
def patience(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """How often, and until what, the service was watched: nothing of it is started."""
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "storywatch.toml"))  # the demo sets it, for its processes
    watched: list[object] = []

    @contextmanager
    def running_service(_settings: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(watch=lambda until=None: watched.append(until))

    monkeypatch.setattr("worker.service.running.running_service", running_service)
    return watched


def test_it_ends_by_itself_and_says_that_its_links_lead_nowhere(
    tmp_path: Path, patience: list[object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("worker.service.demo.DemoWatch", lambda _: Watch(tmp_path / "one.eml"))
    assert main(["demo", "--folder", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert f"page: {tmp_path / 'one.html'}" in said
    assert "The demo has ended, and its links lead nowhere" in said
    assert len(patience) == 1


def test_no_digest_is_a_failure_that_says_what_still_waits(
    tmp_path: Path, patience: list[object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("worker.service.demo.DemoWatch", lambda _: Watch(None))
    assert main(["demo", "--folder", str(tmp_path)]) == 1
    assert "3 things still wait" in capsys.readouterr().err
    assert len(patience) == 1
