import pytest

from worker.errors import FetchReason
from worker.net.arrival import Arrival, HttpLimits

LIMITS = HttpLimits(body_bytes=1_000, header_lines=10, header_bytes=500)


def arrived(*lines: bytes, limits: HttpLimits = LIMITS) -> Arrival:
    arrival = Arrival(limits)
    for line in lines:
        if not arrival.take_header(line):
            break
    return arrival


def test_reads_a_head() -> None:
    arrival = arrived(b"HTTP/2 200 \r\n", b"A: 1\r\n", b"a:2\r\n", b"B: x\r\n", b" y\r\n", b"\r\n")
    assert arrival.status == 200
    assert arrival.headers.every("a") == ["1", "2"]
    assert arrival.headers.first("b") == "x y"
    assert arrival.head_complete
    assert not arrival.is_final_refusal


def test_only_the_last_head_counts() -> None:
    arrival = arrived(
        b"HTTP/1.1 103 Early Hints\r\n", b"Location: /a\r\n", b"\r\n", b"HTTP/1.1 404 Not Found\r\n", b"\r\n"
    )
    assert arrival.status == 404
    assert arrival.headers.first("location") is None
    assert arrival.is_final_refusal


def test_trailers_change_nothing() -> None:
    arrival = arrived(b"HTTP/1.1 200 OK\r\n", b"\r\n")
    assert arrival.take_body(b"x")
    assert arrival.take_header(b"HTTP/1.1 304 Not Modified\r\n")
    assert arrival.take_header(b"ETag: x\r\n")
    assert arrival.status == 200
    assert arrival.headers.first("etag") is None


@pytest.mark.parametrize("status", [b"HTTP/1.1\r\n", b"HTTP/1.1 abc\r\n", "HTTP/1.1 ٣\r\n".encode()])
def test_a_strange_status_line_is_no_status(status: bytes) -> None:
    assert arrived(status).status == 0


def test_too_many_or_too_long_headers_stop_the_transfer() -> None:
    many = arrived(b"HTTP/1.1 200 OK\r\n", *[b"A: 1\r\n"] * 10)
    long = arrived(b"HTTP/1.1 200 OK\r\n", b"A: " + b"1" * 500)
    for arrival in (many, long):
        assert arrival.objection is not None
        assert arrival.objection[0] is FetchReason.TOO_LARGE


def test_a_body_beyond_the_bound_stops_the_transfer() -> None:
    arrival = arrived(b"HTTP/1.1 200 OK\r\n", b"\r\n")
    assert arrival.take_body(b"x" * 1_000)
    assert not arrival.take_body(b"x")
    assert arrival.objection is not None
    assert arrival.objection[0] is FetchReason.TOO_LARGE


@pytest.mark.parametrize("kind", [b"image/png", b"Application/PDF", b"video/mp4; codecs=x"])
def test_a_picture_stops_the_transfer(kind: bytes) -> None:
    arrival = arrived(b"HTTP/1.1 200 OK\r\n", b"Content-Type: " + kind + b"\r\n", b"\r\n")
    assert not arrival.take_body(b"x")
    assert arrival.objection is not None
    assert arrival.objection[0] is FetchReason.WRONG_TYPE


def test_of_a_refusal_a_little_is_read_and_nothing_kept() -> None:
    arrival = arrived(b"HTTP/1.1 500 No\r\n", b"\r\n")
    assert arrival.take_body(b"x" * 65_536)
    assert not arrival.take_body(b"x")
    assert arrival.objection is None
    assert arrival.body == b""
