from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.errors import ConfigurationError
from worker.replay.json_lines import read_json_lines, take_text, write_json_lines


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    assert write_json_lines(path, [{"id": "é"}, {"id": "\u2028"}, {"id": "\ud800"}]) == 3
    assert list(read_json_lines(path)) == [(1, {"id": "é"}), (2, {"id": "\u2028"}), (3, {"id": "\ud800"})]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"id": 1}\n\n{bad', "line 3: no JSON"),
        (b"[1]", "line 1: expected an object, found list"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=said):
        list(read_json_lines(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"gone\.jsonl cannot be read: No such file"):
        list(read_json_lines(tmp_path / "gone.jsonl"))


def test_nothing_is_written_by_halves(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("before")

    def rows() -> Iterator[dict[str, str]]:
        yield {"id": "a"}
        raise ConfigurationError("wrong")

    with pytest.raises(ConfigurationError):
        write_json_lines(path, rows())
    assert path.read_text() == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["x.jsonl"]


def test_text_is_asked_for_by_name() -> None:
    assert take_text({"id": "a", "url": None}, "id", "f line 1") == "a"
    assert take_text({"url": None}, "url", "f line 1", default="") == ""
    with pytest.raises(ConfigurationError, match="f line 1: 'id' is 7, expected text"):
        take_text({"id": 7}, "id", "f line 1")
