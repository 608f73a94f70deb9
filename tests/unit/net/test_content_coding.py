import gzip
import zlib

import brotli
import pytest
from backports import zstd

from worker.net.content_coding import BodyTooLargeError, CodingError, undo

TEXT = b"<rss>" + bytes(range(256)) * 2_000 + b"</rss>"
BARE = zlib.compress(TEXT)[2:-4]
CODED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT, quality=4),
    "zstd": zstd.compress(TEXT),
}


@pytest.mark.parametrize("coding", CODED)
def test_undoes_each_coding(coding: str) -> None:
    assert undo(CODED[coding], coding.upper(), at_most=len(TEXT)) == TEXT


@pytest.mark.parametrize("encodings", ["", "identity", " , Identity", "none"])
def test_leaves_a_plain_body_alone(encodings: str) -> None:
    assert undo(TEXT, encodings, at_most=len(TEXT)) == TEXT


def test_undoes_what_servers_really_send() -> None:
    assert undo(BARE, "deflate", at_most=len(TEXT)) == TEXT
    assert undo(gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0", "gzip, identity", at_most=9) == b"ab"
    assert undo(b"", "gzip", at_most=9) == b""
    assert undo(gzip.compress(b""), "gzip", at_most=9) == b""


@pytest.mark.parametrize("coding", CODED)
def test_stops_at_the_bound(coding: str) -> None:
    with pytest.raises(BodyTooLargeError):
        undo(CODED[coding], coding, at_most=len(TEXT) - 1)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("spoil", [lambda body: body[: len(body) // 2], lambda body: b"<rss></rss>"])
def test_a_spoilt_body_is_told(coding: str, spoil: object) -> None:
    with pytest.raises(CodingError):
        undo(spoil(CODED[coding]), coding, at_most=10_000_000)  # type: ignore[operator]


def test_a_spoilt_zstd_body_is_told() -> None:
    with pytest.raises(CodingError):
        undo(b"<rss></rss>", "zstd", at_most=10_000_000)
    with pytest.raises(CodingError):
        undo(CODED["zstd"][:-10], "zstd", at_most=10_000_000)


@pytest.mark.parametrize("encodings", ["utf-8", "rot13", "gzip;q=1", "gzip, aes128gcm"])
def test_a_coding_nobody_knows_is_passed_over_as_browsers_do(encodings: str) -> None:
    assert undo(b"<rss/>", encodings, at_most=6) == b"<rss/>"
    with pytest.raises(BodyTooLargeError):
        undo(b"<rss/>", encodings, at_most=5)


@pytest.mark.parametrize("encodings", ["gzip, gzip", "gzip,br"])
def test_only_one_known_layer(encodings: str) -> None:
    with pytest.raises(CodingError):
        undo(CODED["gzip"], encodings, at_most=10_000_000)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_of_countless_empty_members_is_refused(coding: str) -> None:
    empty = gzip.compress(b"") if coding == "gzip" else zstd.compress(b"")
    assert undo(empty * 50, coding, at_most=9) == b""
    with pytest.raises(CodingError):
        undo(empty * 200_000, coding, at_most=9)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_goes_off_at_the_bound(coding: str) -> None:
    blank = bytes(64 * 1024 * 1024)
    pack = {
        "gzip": lambda: gzip.compress(blank, 1),
        "deflate": lambda: zlib.compress(blank, 1),
        "br": lambda: brotli.compress(blank, quality=1),
        "zstd": lambda: zstd.compress(blank, 1),
    }
    with pytest.raises(BodyTooLargeError):
        undo(pack[coding](), coding, at_most=1_000)
