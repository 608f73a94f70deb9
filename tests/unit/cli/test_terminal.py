from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.cli import terminal

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_strangers_words_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say("a\x1b[31mred\x07\nsecond\u202eline")
    assert capsys.readouterr().out == "a [31mred \nsecond line\n"


def test_a_table_for_machines_is_lines_and_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.write_table(("name", "state"), [("El\tDía", "new")], title="Feeds")
    assert capsys.readouterr().out == "name\tstate\nEl Día\tnew\n"


def test_a_table_for_people_is_aligned(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    terminal.write_table(("name", "state"), [("[bold]not markup", "new")], title="Feeds")
    out = capsys.readouterr().out
    assert "Feeds" in out
    assert "[bold]not markup" in out


@pytest.mark.parametrize(("columns", "has_all"), [("80", False), ("120", True)])
def test_a_narrow_terminal_is_spared_what_matters_less(
    columns: str, has_all: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", columns)
    headline = "A headline of fifty letters is on one line of its own"
    terminal.write_table(("story", "topics", "headline"), [("7", "tariffs", headline)], where_wide=("topics",))
    out = capsys.readouterr().out
    assert headline in out
    assert ("tariffs" in out) == has_all


ADDRESS = f"https://prairie-post.example/{'long/' * 20}feed.xml"


@pytest.mark.parametrize(("columns", "stacked"), [("80", True), ("120", False)])
def test_a_narrow_terminal_has_long_cells_below_their_row(
    columns: str, stacked: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", columns)
    rows = [("Prairie Post " * 9, "failing", "answered 500", ADDRESS), ("新聞", "healthy", "", "https://b.example/")]
    terminal.write_table(("name", "state", "remark", "address"), rows, below=("remark", "address"))
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert (f"  {ADDRESS}" in lines) == stacked, "whole, to be copied"
    if stacked:
        assert lines[0].split() == ["name", "state"]
        assert [line.find(state) for line, state in ((lines[2], "failing"), (lines[5], "healthy"))] == [73, 71]
        assert (lines[3], lines[6:]) == ("  answered 500", ["  https://b.example/"])


def test_progress_is_only_for_people(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(terminal.watched([1, 2], total=2, label="Things")) == [1, 2]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert list(terminal.watched([1, 2], total=2, label="Things")) == [1, 2]


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (timedelta(seconds=5), "5 s ago"),
        (timedelta(seconds=119), "119 s ago"),
        (timedelta(minutes=2), "2 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=2), "2 d ago"),
        (-timedelta(seconds=5), "0 s ago"),
    ],
)
def test_how_long_ago(back: timedelta, said: str) -> None:
    assert terminal.ago(NOW - back, NOW) == said
    assert terminal.ago(None, NOW) == "never"
