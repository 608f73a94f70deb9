"""Documents that come packed without a word."""

from __future__ import annotations

import gzip

import pytest

from worker.errors import DocumentError
from worker.feeds import packing, parse_feed
from worker.feeds.packing import unpack

FEED = b"<rss><channel><title>Gazette</title><item><title>Lock</title></item></channel></rss>"


def test_two_layers_are_undone_and_what_is_not_packed_stays() -> None:
    packed = gzip.compress(FEED)
    assert unpack(packed) == unpack(gzip.compress(packed)) == unpack(FEED) == FEED
    assert parse_feed(packed, "https://a.example/feed.xml.gz").entries[0].title == "Lock"
    assert unpack(gzip.compress(FEED[:40]) + gzip.compress(FEED[40:])) == FEED, "members follow each other"


def test_what_can_be_read_of_one_that_ends_early_is_read() -> None:
    assert FEED.startswith(unpack(gzip.compress(FEED)[:-12])[:20])


@pytest.mark.parametrize("broken", [b"\x1f\x8b\x08...", b"\x1f\x8b"])
def test_a_broken_one_is_no_feed(broken: bytes) -> None:
    with pytest.raises(DocumentError):
        parse_feed(broken, "https://a.example/feed.xml.gz")


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MAX_UNPACKED", 1_000)
    with pytest.raises(DocumentError, match="more than 1,000 bytes"):
        unpack(gzip.compress(b" " * 1_001))
    assert unpack(gzip.compress(b" " * 999)) == b" " * 999
