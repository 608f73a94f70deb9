from pathlib import Path

import pytest

from worker.net import OutboxFolderMailer, SendOutcome, SendResult

MESSAGE = b"Message-ID: <1@example.org>\r\nSubject: x\r\n\r\nHello\r\n"
PAGE = MESSAGE.replace(b"Subject", b"Content-Type: text/html; charset=utf-8\r\nSubject").replace(
    b"Hello", b"<p>\xc3\xb1</p>"
)


def send(folder: Path, message: bytes) -> SendOutcome:
    return OutboxFolderMailer(folder).send(message, sender="a@example.org", recipient="b@example.org")


def test_a_message_sent_again_replaces_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "outbox"
    first, second = send(folder, MESSAGE), send(folder, MESSAGE.replace(b"Hello", b"Hello again"))
    assert first == second
    assert [path.name for path in folder.iterdir()] == [Path(first.detail).name]
    assert Path(second.detail).read_bytes().endswith(b"Hello again\r\n")
    send(folder, MESSAGE.replace(b"<1@", b"<2@"))
    assert len(list(folder.iterdir())) == 2


def test_the_html_part_lies_beside_it(tmp_path: Path) -> None:
    outcome = send(tmp_path, PAGE)
    assert Path(outcome.detail).with_suffix(".html").read_text("utf-8") == "<p>ñ</p>\n"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"no headers at all",
        b"\xff\xfe\x00",
        b"Message-ID: \xff\xfe <../../x>\r\n\r\n",
        b"Content-Type: text/html; charset=no-such\r\n\r\n<p>x</p>",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"Content-Type: multipart/alternative\r\n\r\n--x",
        b"Content-Type: multipart/x; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset*=''\r\n\r\n",
        b"Content-Type: ;;;=\r\nMessage-ID: =?utf-8?b?\xff?=\r\n\r\nx",
    ],
)
def test_any_bytes_become_a_file_of_those_bytes(tmp_path: Path, message: bytes) -> None:
    outcome = send(tmp_path, message)
    assert outcome.result is SendResult.SENT
    path = Path(outcome.detail)
    assert path.parent == tmp_path
    assert path.read_bytes() == message


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    outcome = send(tmp_path / "file", MESSAGE)
    assert outcome.result is SendResult.RETRY
    assert "file" in outcome.detail


def test_nothing_is_left_of_a_failed_write(tmp_path: Path) -> None:
    path = Path(send(tmp_path, MESSAGE).detail)
    path.unlink()
    path.mkdir()  # cannot be replaced by a file
    assert send(tmp_path, MESSAGE).result is SendResult.RETRY
    assert list(tmp_path.iterdir()) == [path]
