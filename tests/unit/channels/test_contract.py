"""What holds for every row of the table of channels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import PurePath

import pytest

from tests.unit.channels.conftest import LINKS, digest_for, tables
from worker.channels import CHANNELS, Channel, ChannelContext, ChannelTables, open_channels
from worker.errors import ConfigurationError
from worker.net import SendOutcome, SendResult

Opener = Callable[[ChannelTables, ChannelContext], Channel | None]

# Nothing listens at this port of loopback, which a browser would ask too; the outbox is in the way of itself.
NOWHERE = "127.0.0.1:8089"
READERS = {
    "subscribers": [{"address": "ana@news.example", "name": "Ana"}],
    "webhooks": [
        {"name": "desk", "url": f"http://{NOWHERE}/"},
        {"name": "chat", "url": f"http://{NOWHERE}/", "form": "slack"},
    ],
}
HOST = {"host": "127.0.0.1", "port": 8089, "security": "none"}
INSTALLATIONS = [tables(**READERS), tables(**READERS, mail=HOST)]


def all_channels(opener: Opener, context: ChannelContext) -> list[Channel]:
    return [channel for one in INSTALLATIONS if (channel := opener(one, context)) is not None]


@pytest.fixture(params=CHANNELS, ids=lambda row: row.__self__.__name__)
def channel(request: pytest.FixtureRequest, context: ChannelContext) -> Channel:
    found = all_channels(request.param, context)
    assert found, "no installation has it"
    return found[0]


@pytest.mark.parametrize("installation", INSTALLATIONS)
def test_whatever_is_set_all_that_is_stored_has_its_one_channel(
    installation: ChannelTables, context: ChannelContext
) -> None:
    opened = [channel for row in CHANNELS if (channel := row(installation, context)) is not None]
    names = [channel.name for channel in opened]
    assert len(names) == len(set(names))
    known = {channel.name for row in CHANNELS for channel in all_channels(row, context)}
    assert set(names) == known
    assert len({channel.preview for channel in opened}) == len(opened)
    assert [type(one) for one in open_channels(installation, context)] == [type(one) for one in opened]


def test_the_preview_is_a_file_of_its_own_beside_page_and_text(channel: Channel) -> None:
    assert PurePath(channel.preview).name == channel.preview
    assert PurePath(channel.preview).suffix not in {"", ".html", ".txt"}


def test_its_readers_are_its_own_and_named_in_complaints(channel: Channel) -> None:
    readers = channel.readers()
    assert readers
    assert {reader.channel for reader in readers} == {channel.name}
    assert len({reader.address for reader in readers}) == len(readers)
    assert len({reader.whose for reader in readers}) == len(readers)
    assert all(reader.look_back >= timedelta() for reader in readers)


def test_a_payload_is_the_same_bytes_each_time_and_another_for_another_digest(channel: Channel) -> None:
    for reader in channel.readers():
        digest = digest_for(reader.address)
        payload = channel.payload(digest, LINKS, {})
        assert isinstance(payload.message, bytes)
        assert "Ferry 0" in payload.text
        assert payload.page is None or "https://h.example/0" in payload.page
        assert channel.payload(digest, LINKS, {}) == payload
        assert channel.payload(digest_for(reader.address, stories=2), LINKS, {}).message != payload.message


def test_a_page_that_had_to_be_cut_is_left_to_whoever_keeps_it_whole(channel: Channel) -> None:
    many = digest_for(channel.readers()[0].address, stories=400)
    assert channel.payload(many, LINKS, {}).page is None


def test_who_has_no_host_waits_for_no_turn(channel: Channel) -> None:
    assert channel.spacing >= timedelta()
    assert channel.host or not channel.spacing


def test_what_cannot_be_reached_is_tried_again_and_speaks_of_nobody(
    channel: Channel, context: ChannelContext, written: Callable[[str, str], str]
) -> None:
    written("outbox", "a file where the folder should be")
    channel.check()
    for reader in channel.readers():
        message = channel.payload(digest_for(reader.address), LINKS, {}).message
        outcome = channel.send(message, sender="a@news.example", recipient=reader.address)
        assert outcome.result is SendResult.RETRY
        assert outcome.detail
        assert channel.bounce(outcome) is None


@pytest.mark.parametrize("recipient", ["", "no such recipient", "\r\nBcc: x@y.example"])
def test_a_recipient_that_is_none_is_refused_or_never_asked(channel: Channel, recipient: str) -> None:
    message = channel.payload(digest_for(channel.readers()[0].address), LINKS, {}).message
    outcome = channel.send(message, sender="a@news.example", recipient=recipient)
    assert outcome.result is (SendResult.REFUSED if channel.host or channel.by_file_alone else SendResult.SENT)


@pytest.mark.parametrize("result", [SendResult.SENT, SendResult.UNKNOWN])
def test_what_arrived_or_may_have_is_no_bounce(channel: Channel, result: SendResult) -> None:
    assert channel.bounce(SendOutcome(result, "550 5.1.1 no such user")) is None


def test_where_it_goes_is_one_line(channel: Channel) -> None:
    reader = channel.readers()[0]
    message = channel.payload(digest_for(reader.address), LINKS, {}).message
    assert channel.destination(message, reader.address).isprintable()


def test_a_channel_that_there_is_not_is_named(context: ChannelContext) -> None:
    with pytest.raises(ConfigurationError, match="no channel 'pigeon'; there are email, webhook"):
        open_channels(tables(), context).of("pigeon")


def test_opening_reads_nothing_and_a_row_less_is_a_channel_less(
    context: ChannelContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = {"name": "desk", "url_file": "gone", "secret_file": "gone"}
    given = tables(mail={"host": "h.example", "password_file": "gone", "dkim_key_file": "gone"}, webhooks=[gone])
    opened = open_channels(given, context)
    for channel in opened:
        with pytest.raises(ConfigurationError, match="gone cannot be read"):
            channel.check()
    monkeypatch.setattr("worker.channels.CHANNELS", CHANNELS[:-1])
    assert [channel.name for channel in open_channels(given, context)] == ["email"]
