import pytest

from worker.errors import FetchError, FetchReason
from worker.net.web_address import follow, read_address


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("http://News.Example", "http://news.example/"),
        (" https://news.example:443/a b?q=ñ#part ", "https://news.example/a%20b?q=%C3%B1"),
        ("http://news.example./x", "http://news.example/x"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://under_score.example/", "http://under_score.example/"),
        ("http://[2001:DB8::0:1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://news.example/%zz%20%C3%A9", "http://news.example/%zz%20%C3%A9"),
        ("http://news.example/\ud800", "http://news.example/?"),
        ("http://news.example?q=1", "http://news.example/?q=1"),
    ],
)
def test_reads_what_browsers_read(given: str, read: str) -> None:
    assert read_address(given).url.replace("%3F", "?") == read


@pytest.mark.parametrize(
    "spelling",
    [
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://127.0.0.1./",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/",
    ],
)
def test_every_spelling_of_an_address_is_read_as_that_address(spelling: str) -> None:
    assert read_address(spelling).host == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", FetchReason.ADDRESS_REFUSED),
        ("news.example/feed", FetchReason.ADDRESS_REFUSED),
        ("ftp://news.example/", FetchReason.ADDRESS_REFUSED),
        ("file:///etc/hosts", FetchReason.ADDRESS_REFUSED),
        ("http://user:word@news.example/", FetchReason.ADDRESS_REFUSED),
        ("http://a:80:\\@@b/", FetchReason.ADDRESS_REFUSED),
        ("http:///feed", FetchReason.MALFORMED),
        ("http:\\\\10.0.0.1\\x", FetchReason.MALFORMED),
        ("http://a\\b/", FetchReason.MALFORMED),
        ("http://news.example:0/", FetchReason.MALFORMED),
        ("http://news.example:99999/", FetchReason.MALFORMED),
        ("http://news.example:x/", FetchReason.MALFORMED),
        ("http://[::1/", FetchReason.MALFORMED),
        ("http://[::1%25eth0]/", FetchReason.MALFORMED),
        ("http://[zz]/", FetchReason.MALFORMED),
        ("http://127.0.0.%31/", FetchReason.MALFORMED),
        ("http://1.2.3.999/", FetchReason.MALFORMED),
        ("http://0o177.0.0.1/", FetchReason.MALFORMED),
        ("http://a..b/", FetchReason.MALFORMED),
        ("http://" + "a" * 64 + ".example/", FetchReason.MALFORMED),
        ("http://ex ample/", FetchReason.MALFORMED),
        ("http://\ud800.example/", FetchReason.MALFORMED),
        ("http://news.example/" + "a" * 9_000, FetchReason.MALFORMED),
    ],
)
def test_refuses_what_cannot_be_read_without_guessing(url: str, reason: FetchReason) -> None:
    with pytest.raises(FetchError) as caught:
        read_address(url)
    assert caught.value.reason is reason
    assert not caught.value.transient


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/b", "https://news.example:8443/b"),
        ("b?x", "https://news.example:8443/a/b?x"),
        ("?x", "https://news.example:8443/a/feed?x"),
        ("//other.example/b", "https://other.example/b"),
        ("http://other.example", "http://other.example/"),
    ],
)
def test_follows_a_location(location: str, leads_to: str) -> None:
    assert follow(read_address("https://news.example:8443/a/feed"), location).url == leads_to


@pytest.mark.parametrize("location", ["https:feed", "https:///feed", "http:\\\\10.0.0.1", "javascript:alert(1)"])
def test_does_not_follow_what_readers_disagree_on(location: str) -> None:
    with pytest.raises(FetchError):
        follow(read_address("https://news.example/"), location)
