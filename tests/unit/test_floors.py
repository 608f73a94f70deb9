"""The floors under the measured figures cannot be lowered in silence."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks.floors import FILE, FloorError, check, faults_within, hash_inputs, history_faults, read_floors


def entry(
    value: float = 0.9, *, bound: str = "at_least", data: str = "sha256:a", day: int = 1, reason: str = "first measured"
) -> str:
    return (
        f'[[floor]]\nfigure = "pages.f1"\n{bound} = {value}\ninputs = ["set"]\ndata = "{data}"\n'
        f'set_on = 2026-11-{day:02}\nreason = "{reason}"\n'
    )


def faults(*entries: str) -> list[str]:
    return faults_within(read_floors("".join(entries)))


def test_the_floors_in_use_are_whole() -> None:
    assert read_floors(FILE.read_text("utf-8"))
    assert history_faults() == []


def test_a_floor_may_rise_without_a_word() -> None:
    assert faults(entry(0.9), entry(0.95, day=2)) == []
    assert faults(entry(0.05, bound="at_most"), entry(0.02, bound="at_most", day=2)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (entry(0.9), entry(0.8, day=2)),
        (entry(0.9, reason="why"), entry(0.8, day=2, reason="why")),
        (entry(0.05, bound="at_most"), entry(0.5, bound="at_most", day=2)),
        (entry(0.9), entry(0.9, bound="at_most", day=2)),
    ],
    ids=["no reason", "the old reason", "upper bound", "turned round"],
)
def test_a_silent_lowering_is_refused(before: str, after: str) -> None:
    assert len(faults(before, after)) == 1


def test_new_inputs_or_a_reason_excuse_a_lowering() -> None:
    assert faults(entry(0.9), entry(0.8, data="sha256:b", day=2)) == []
    assert faults(entry(0.9), entry(0.8, day=2, reason="the deck counts as text now")) == []


def test_entries_are_in_order_of_time() -> None:
    assert len(faults(entry(0.9, day=5), entry(0.95, day=4))) == 1


@pytest.mark.parametrize("lacking", ["figure", "at_least", "data", "set_on", "reason", "inputs"])
def test_an_entry_says_everything(lacking: str) -> None:
    lines = [line for line in entry().splitlines() if not line.startswith(lacking)]
    with pytest.raises(FloorError):
        read_floors("\n".join(lines))


def commit(folder: Path, text: str) -> Path:
    file = folder / "quality_floor.toml"
    file.write_text(text)
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
    return file


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git, to make a history")


@needs_git
def test_an_edited_or_dropped_entry_is_refused_before_and_after_the_commit(tmp_path: Path) -> None:
    file = commit(tmp_path, entry(0.9))
    assert history_faults(file) == []
    file.write_text(entry(0.8))
    assert any("changed or dropped" in fault for fault in history_faults(file))
    commit(tmp_path, entry(0.8))
    assert any("changed or dropped" in fault for fault in history_faults(file))


@needs_git
def test_an_added_entry_is_no_change_of_history(tmp_path: Path) -> None:
    file = commit(tmp_path, entry(0.9))
    commit(tmp_path, entry(0.9) + entry(0.85, day=2, reason="another scorer"))
    assert history_faults(file) == []


def test_figures_are_judged_on_the_floors_own_inputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "page").write_text("text")
    file = tmp_path / "quality_floor.toml"
    file.write_text(entry(0.9, data=hash_inputs(tmp_path, ["set"])))
    assert check({"pages.f1": 0.95, "other": 0.0}, tmp_path, file)
    assert not check({"pages.f1": 0.89}, tmp_path, file)
    assert "MISSES at least 0.9" in capsys.readouterr().out
    (tmp_path / "set" / "page").write_text("other text")
    assert check({"pages.f1": 0.89}, tmp_path, file)
    assert "other inputs" in capsys.readouterr().out


def test_the_hash_knows_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a").write_text("1")
    first = hash_inputs(tmp_path, ["set"])
    (tmp_path / "set" / "a").rename(tmp_path / "set" / "b")
    assert hash_inputs(tmp_path, ["set"]) != first
    assert hash_inputs(tmp_path, ["missing"]) == ""
