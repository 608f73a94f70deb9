"""Whatever a server or a feed sends, reading it ends in a value or in the one expected fault."""

import contextlib
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from string import printable

from hypothesis import given
from hypothesis import strategies as st

from worker.errors import FetchError
from worker.net.address_guard import AddressGuard
from worker.net.answer_headers import AnswerHeaders, keep_usable, max_age, retry_after
from worker.net.arrival import Arrival, HttpLimits
from worker.net.content_coding import BodyTooLargeError, CodingError, undo
from worker.net.public_addresses import is_public
from worker.net.resource import Validators
from worker.net.robots import rules_for
from worker.net.shown_address import shown
from worker.net.web_address import follow, read_address

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(hours=24)

texts = st.text(st.characters(), max_size=60)  # lone surrogates included
urls = st.one_of(
    texts,
    st.builds("{}://{}{}".format, st.sampled_from(["http", "https", "HTTP", "ftp"]), texts, texts),
    st.builds("http://{}:{}/{}".format, st.ip_addresses(), st.integers(), texts),
)


@given(urls)
def test_a_url_is_read_as_one_that_reads_the_same_again(url: str) -> None:
    try:
        address = read_address(url)
    except FetchError:
        return
    assert address.url.isascii()
    assert address.url.isprintable()
    assert " " not in address.url
    assert read_address(address.url) == address


@given(urls)
def test_a_location_leads_somewhere_or_nowhere(location: str) -> None:
    with contextlib.suppress(FetchError):
        follow(read_address("https://news.example/a/b?c"), location)


@given(texts)
def test_a_shown_url_is_one_bounded_line(url: str) -> None:
    assert shown(url * 20).isprintable()
    assert len(shown(url * 20)) <= 200


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_as_public_as_it_is_plain(inner: IPv4Address) -> None:
    number = int(inner)
    disguises = (f"::ffff:{inner}", f"64:ff9b::{inner}", IPv6Address(0x2002 << 112 | number << 80))
    assert {is_public(ip_address(str(each))) for each in disguises} == {is_public(inner)}


@given(st.ip_addresses(v=4), st.sampled_from(["{:d}", "0x{:x}", "0{:o}"]))
def test_a_number_is_the_address_it_stands_for(address: IPv4Address, spelling: str) -> None:
    assert read_address(f"http://{spelling.format(int(address))}/").host == str(address)


@given(st.ip_addresses())
def test_what_is_not_public_is_not_admitted(address: IPv4Address | IPv6Address) -> None:
    guard = AddressGuard(resolver=lambda host, seconds: ("1.1.1.1", str(address)))
    try:
        destination = guard.admit(read_address("http://news.example/"), 1)
    except FetchError:
        assert not is_public(address)
    else:
        assert is_public(address)
        assert destination.includes(str(address), 80)


@given(st.text(printable, max_size=40), st.text(printable, max_size=40))
def test_times_from_headers_are_bounded(one: str, other: str) -> None:
    headers = AnswerHeaders(
        [("Retry-After", one), ("Cache-Control", one), ("Age", other), ("Expires", other), ("Date", one)]
    )
    wait, age = retry_after(headers, NOW), max_age(headers, NOW)
    assert wait is None or timedelta() < wait <= DAY
    assert age is None or timedelta() <= age <= 366 * DAY


@given(texts, texts)
def test_kept_validators_are_one_line(etag: str, date: str) -> None:
    kept = keep_usable(Validators(etag, date))
    assert all(value is None or (value.isascii() and value.isprintable()) for value in (kept.etag, kept.last_modified))


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd", "x", ""]))
def test_any_body_is_undone_or_told(body: bytes, coding: str) -> None:
    with contextlib.suppress(CodingError, BodyTooLargeError):
        assert len(undo(body, coding, at_most=100)) <= 100


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_header_lines_are_taken_without_an_exception(lines: list[bytes]) -> None:
    arrival = Arrival(HttpLimits(header_lines=10))
    for line in lines:
        arrival.take_header(line)
    assert all(len(arrival.headers.every(name)) <= 10 for name in ("", "a"))


@given(st.binary(max_size=300))
def test_any_robots_txt_is_read(body: bytes) -> None:
    kept = rules_for(b"User-agent: *\n" + body, "storywatch")
    assert kept.startswith("User-agent: *")
