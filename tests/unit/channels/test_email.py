"""Mail: whom it is from, what it is signed with, how fast it goes and what its refusals mean."""

from __future__ import annotations

import email
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from email.policy import default

import pytest

from tests.unit.channels.conftest import LINKS, digest_for, tables
from worker.channels import ChannelContext
from worker.channels.email import Email, MailSettings, declared_reader
from worker.errors import ConfigurationError
from worker.net import Bounce, SendOutcome, SendResult, SendStage

HOST = "smtp.news.example"


def opened(context: ChannelContext, *, subscribers: tuple[object, ...] = (), **mail: object) -> Email:
    found = Email.open(tables(mail={"host": HOST, **mail}, subscribers=subscribers), context)
    assert found is not None
    return found


def test_it_is_there_where_a_host_is_set(context: ChannelContext) -> None:
    assert Email.open(tables(), context) is None
    assert opened(context, port=25).host == f"{HOST}:25"


@pytest.mark.parametrize(("per_minute", "apart"), [(60, 1), (0.5, 120), (0, 0)])
def test_messages_are_as_far_apart_as_the_rate_says(context: ChannelContext, per_minute: float, apart: float) -> None:
    assert opened(context, per_minute=per_minute).spacing == timedelta(seconds=apart)


@pytest.mark.parametrize(("doubt", "longest"), [(600, 240), (100, 50)])
def test_sending_ends_well_before_a_message_counts_as_lost(context: ChannelContext, doubt: int, longest: int) -> None:
    mailer = opened(context, doubt_seconds=doubt, timeout_seconds=9).mailer
    config = mailer._config  # type: ignore[attr-defined]
    assert (config.timeout, config.total) == (timedelta(seconds=9), timedelta(seconds=longest))


def test_the_password_comes_from_the_environment_or_from_a_file(
    context: ChannelContext, written: Callable[[str, str], str]
) -> None:
    given = opened(context, username="me", password="spoken")
    kept = opened(context, username="me", password_file=written("password", "kept\n"))
    assert [one.mailer._config.password for one in (given, kept)] == ["spoken", "kept"]  # type: ignore[attr-defined]
    with pytest.raises(ConfigurationError, match=r"mail.password_file .*gone cannot be read"):
        opened(context, password_file="gone").check()


@pytest.mark.parametrize(
    ("mail", "subscriber", "said"),
    [({"sender_name": "A <b"}, "ana@h.example", "sender"), ({}, "a..b@h.example", "mail address 'a..b@h.example'")],
)
def test_what_no_header_can_hold_is_found_before_the_first_digest(
    context: ChannelContext, mail: dict[str, str], subscriber: str, said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        opened(context, subscribers=({"address": subscriber},), **mail).check()


def test_a_digest_is_a_message_to_its_reader(context: ChannelContext) -> None:
    payload = opened(context).payload(digest_for("ana@news.example"), LINKS, {})
    message = email.message_from_bytes(payload.message, policy=default)
    assert message["To"] == "Ana <ana@news.example>"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == payload.text
    assert payload.page is not None
    assert "DKIM-Signature" not in message


def test_the_signature_is_part_of_the_bytes_and_of_the_senders_domain(
    context: ChannelContext, written: Callable[[str, str], str]
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl, which makes the key")
    key = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True, text=True, timeout=60).stdout
    mail = opened(context, sender="a@mail.news.example", dkim_key_file=written("dkim.key", key))
    assert mail.dkim_key is not None
    assert mail.dkim_key.record[0] == "storywatch._domainkey.mail.news.example"
    signed = mail.payload(digest_for("ana@news.example"), LINKS, {}).message
    assert signed.startswith(b"DKIM-Signature: ")
    assert signed.endswith(opened(context).payload(digest_for("ana@news.example"), LINKS, {}).message)


def test_a_key_that_is_not_there_is_named(context: ChannelContext) -> None:
    with pytest.raises(ConfigurationError, match=r"mail.dkim_key_file .*gone cannot be read: No such file"):
        opened(context, dkim_key_file="gone").payload(digest_for("ana@news.example"), LINKS, {})


def test_a_refusal_at_the_recipient_is_a_bounce(context: ChannelContext) -> None:
    nobody = SendOutcome(SendResult.REFUSED, "mx answered 550 5.1.1 no such user", 550, SendStage.RECIPIENT)
    spam = SendOutcome(SendResult.REFUSED, "mx answered 554 5.7.1 spam", 554, SendStage.FINAL_DOT)
    assert (opened(context).bounce(nobody), opened(context).bounce(spam)) == (Bounce.HARD, None)


def test_a_person_is_known_by_address_and_first_told_of_the_last_day(context: ChannelContext) -> None:
    mail = opened(context, subscribers=({"address": "ana@news.example", "name": "Ana"},))
    (reader,) = mail.readers()
    assert (reader.address, reader.name, reader.look_back) == ("ana@news.example", "Ana", timedelta(days=1))
    assert reader.whose == "subscriber ana@news.example"
    assert declared_reader(reader.reading) == reader  # type: ignore[arg-type]
    assert mail.is_personal
    assert not mail.by_file_alone, "people choose for themselves"


def test_the_sender_has_a_name_and_a_domain() -> None:
    mail = MailSettings(sender="news@h.example", sender_name="News")
    assert (mail.named_sender, mail.sender_domain) == ("News <news@h.example>", "h.example")


def test_it_says_where_a_message_goes(context: ChannelContext) -> None:
    assert opened(context).destination(b"", "ana@news.example") == f"through {HOST} to ana@news.example"
