"""Mail as files: the same messages, in a folder of the installation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.channels.conftest import LINKS, digest_for, tables
from worker.channels import ChannelContext
from worker.channels.email import Email
from worker.channels.folder import Folder
from worker.net import SendOutcome, SendResult, SendStage

READERS = ({"address": "ana@news.example"},)


def test_it_is_there_where_no_host_is_set(context: ChannelContext) -> None:
    assert Folder.open(tables(mail={"host": "h.example"}), context) is None
    assert Folder.open(tables(), context) is not None


@pytest.mark.parametrize("outbox", ["outbox", "deep/er"])
def test_it_writes_where_it_says(context: ChannelContext, tmp_path: Path, outbox: str) -> None:
    folder = Folder.open(tables(mail={"outbox": outbox}), context)
    assert folder is not None
    message = folder.payload(digest_for("ana@news.example"), LINKS, {}).message
    outcome = folder.send(message, sender="a@news.example", recipient="ana@news.example")
    path = Path(folder.destination(message, "ana@news.example"))
    assert outcome == SendOutcome(SendResult.SENT, str(path))
    assert path.parent == tmp_path / outbox
    assert path.read_bytes() == message


def test_what_waits_is_what_a_server_would_be_given(context: ChannelContext) -> None:
    folder = Folder.open(tables(subscribers=READERS), context)
    mail = Email.open(tables(subscribers=READERS, mail={"host": "h.example"}), context)
    assert folder is not None
    assert mail is not None
    digest = digest_for("ana@news.example")
    assert folder.payload(digest, LINKS, {}) == mail.payload(digest, LINKS, {})
    assert (folder.name, folder.readers()) == (mail.name, mail.readers())


def test_it_knows_no_mailboxes_and_no_rate(context: ChannelContext) -> None:
    folder = Folder.open(tables(mail={"per_minute": 1}), context)
    assert folder is not None
    nobody = SendOutcome(SendResult.REFUSED, "550 5.1.1 no such user", 550, SendStage.RECIPIENT)
    assert folder.bounce(nobody) is None
    assert (folder.host, folder.spacing.total_seconds()) == ("", 0)
