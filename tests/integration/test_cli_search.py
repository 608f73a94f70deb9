"""`storywatch search`: the archive on the command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.integration.cli_site import install, json_of
from tests.integration.stored import TOPIC, analyze, match
from worker.cli.main import main
from worker.setup.deps import Deps
from worker.setup.settings import load_settings


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    install(tmp_path, monkeypatch)
    deps = Deps(load_settings())
    with deps.transaction() as session:
        found = analyze(session, "https://news.example/ferry", text="A\x1b[31m ferry left Núñez.", title="x")
        analyze(session, "https://news.example/tug", text="=HYPERLINK(1) of a tug")
        match(session, found)
    deps.database.close()
    return found


def test_it_is_told_to_people_and_to_machines(found: int, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["search", "nunez"]) == 0
    told = capsys.readouterr().out
    assert "ferry left [Núñez]." in told
    assert "\x1b" not in told
    assert f"{TOPIC} · article {found}" in told
    (one,) = json_of(capsys, "search", f"ferry topic:{TOPIC}")["articles"]
    assert (one["id"], one["topics"], one["language"]) == (found, [TOPIC], "en")
    start, end = one["marks"][0]
    assert one["excerpt"][start:end] == "ferry"
    assert main(["search", "tug", "--csv"]) == 0
    header, row = csv.reader(io.StringIO(capsys.readouterr().out))
    assert dict(zip(header, row, strict=True))["excerpt"] == "'=HYPERLINK(1) of a tug"


def test_pages_and_their_end_are_told(found: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert found
    capsys.readouterr()
    assert main(["search", "lang:en", "--limit", "1"]) == 0
    assert "--page 2" in capsys.readouterr().err
    assert main(["search", "absent", "--since", "2020-01-01", "--outlet", "nobody", "--copies"]) == 0
    assert capsys.readouterr().out == "Nothing was found.\n"


@pytest.mark.parametrize("query", ["ferry AND", "", "copies:no", "ferry after:x", "a" * 30_000])
def test_what_cannot_be_asked_is_a_fault_of_the_command_line(
    found: int, query: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found
    capsys.readouterr()
    assert main(["search", query]) == 2
    told = capsys.readouterr().err
    assert told.startswith("storywatch: ")
    assert len(told) < 300
