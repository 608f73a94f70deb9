import stat
from pathlib import Path

import pytest

from worker.errors import ConfigurationError
from worker.setup.secret_files import keep_secret, read_secret


def test_a_secret_is_what_stands_in_the_file_without_the_lines_end(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("open sesame\n")
    assert read_secret(tmp_path / "word", "the word") == "open sesame"


@pytest.mark.parametrize(("content", "why"), [(None, "No such file"), (b"\xffhunter2", "not UTF-8 text")])
def test_a_file_that_cannot_be_read_is_named_and_not_shown(tmp_path: Path, content: bytes | None, why: str) -> None:
    if content is not None:
        (tmp_path / "word").write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"^the word .*word cannot be read: {why}") as caught:
        read_secret(tmp_path / "word", "the word")
    assert "hunter2" not in str(caught.value)


def test_the_installations_own_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"
    first = keep_secret(path)
    assert (len(first) >= 32, keep_secret(path), stat.S_IMODE(path.stat().st_mode)) == (True, first, 0o600)
    assert [one.name for one in path.parent.iterdir()] == ["secret.key"]


def test_an_empty_secret_is_none(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    with pytest.raises(ConfigurationError, match="is empty: delete the file"):
        keep_secret(tmp_path / "secret.key")
