"""docs/first_hour.md, done: its commands in an empty folder, one after the other, as a newcomer types them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs import documents
from worker.cli.main import main
from worker.sample_site import SampleServer, serve

PAGE = ROOT / "docs" / "first_hour.md"
ELSEWHERE = {
    "storywatch init": "tests/integration/test_first_hour.py::test_two_minutes_of_typing_to_the_first_digest",
    "storywatch run": "tests/integration/test_run_service.py::test_up_second_refused_and_down_without_a_trace",
}  # fmt: skip
"""What asks, or does not end."""


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with serve(datetime.now(UTC)) as server:
        yield server


def test_its_commands_run_in_order_in_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: SampleServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """The site that the page names is one on loopback, which somebody has to agree to."""
    monkeypatch.chdir(tmp_path)
    typed = [line.removeprefix("$ ") for block in documents.blocks("console", [PAGE]) for line in block.splitlines()]
    assert len(typed) >= 6
    for command in typed:
        if command in ELSEWHERE:
            continue
        arguments = [site.feeds[0][1] if word == "example.org" else word for word in shlex.split(command)[1:]]
        if arguments[0] == "init":
            arguments.append("--allow-private")
        code = main(arguments)
        said = capsys.readouterr()
        assert code == 0, f"{command}: {said.out}{said.err}"
        if arguments[:2] == ["topics", "test"]:
            assert "1 of 1 match" in said.out
        if arguments[1:] == ["list"]:
            assert site.feeds[0][1] in said.out or "you@example.org" in said.out


@pytest.mark.parametrize("test", ELSEWHERE.values())
def test_the_tests_that_run_the_others_exist(test: str) -> None:
    path, _, name = test.partition("::")
    assert f"\ndef {name}(" in (ROOT / path).read_text()
