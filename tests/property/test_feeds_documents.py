"""Whatever the bytes: entries or a DocumentError, and fields that keep their promises."""

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.errors import DocumentError
from worker.feeds import OpmlFeed, ParsedFeed, find_feeds, find_refresh, parse_feed, read_opml, write_opml

URL = "https://paper.example/feed"
PIECES = [
    *(
        b"<rss version='2.0'>",
        b"<channel>",
        b"<item>",
        b"</item>",
        b"</channel>",
        b"</rss>",
        b"<title>",
        b"</title>",
    ),
    *(
        b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<entry>",
        b"</entry>",
        b"</feed>",
        b"<link>",
        b"<link href='/a'/>",
    ),
    *(
        b"</link>",
        b"<guid>",
        b"</guid>",
        b"<author>",
        b"<name>",
        b"</name>",
        b"</author>",
        b"<category/>",
        b"<source>",
    ),
    *(
        b"<image>",
        b"<url>",
        b"</image>",
        b"<textinput>",
        b"</textinput>",
        b"<pubDate>",
        b"2026-11-22",
        b"</pubDate>",
    ),
    *(
        b"&#xD800;",
        b"&#x110000;",
        b"&#",
        b"&amp;",
        b"&",
        b"<",
        b">",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<!DOCTYPE a [",
    ),
    *(
        b"]>",
        b"<!ENTITY a 'b'>",
        b"&a;",
        b"<?xml version='1.0' encoding='x'?>",
        b"<content mode='base64'>",
        b"</content>",
    ),
    *(
        b"<media:content url='x'>",
        b"<georss:point>1 2</georss:point>",
        b"<urlset>",
        b"<url><loc>",
        b"{",
        b"[",
        b'"',
    ),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\xc3\xb1", b"\xf1", b"http://[", b"x", b" ", b"\n"),
]
documents = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=40).map(
    b"".join
)
feeds = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=30).map(
    lambda pieces: b"<rss version='2.0'><channel><item>" + b"".join(pieces) + b"</item></channel></rss>"
)
content_types = st.sampled_from(["", "text/xml", "text/html; charset=zlib_codec", "application/json; charset=utf-16"])
urls = st.sampled_from([URL, "", "http://[", "not an address"])


def check(feed: ParsedFeed) -> None:
    for entry in feed.entries:
        assert entry.id
        assert entry.url == "" or entry.url.startswith(("http://", "https://"))
        assert all(moment is None or moment.utcoffset() is not None for moment in (entry.published, entry.updated))
        for text in (entry.title, entry.url, entry.id, entry.summary, entry.content, *entry.authors):
            assert "\0" not in text
            text.encode()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=200)
@given(documents | feeds, urls, content_types)
def test_bytes_end_in_a_feed_or_a_document_error(document: bytes, url: str, content_type: str) -> None:
    with suppress(DocumentError):
        check(parse_feed(document, url, content_type))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=100)
@given(documents, urls)
def test_discovery_and_opml_take_any_bytes(document: bytes, url: str) -> None:
    find_feeds(document, url)
    find_refresh(document, url)
    with suppress(DocumentError):
        read_opml(document)


lines = st.text(max_size=40).map(lambda text: " ".join("".join(c for c in text if c.isprintable()).split()))
addresses = st.integers(0, 10**6).map("https://feed.example/{}?a=1&b=2".format)
opml_feeds = st.builds(
    OpmlFeed,
    url=addresses,
    title=lines,
    site=st.just("") | addresses,
    category=lines,
    language=st.sampled_from([None, "en", "es-MX"]),
)


@given(st.lists(opml_feeds, max_size=12, unique_by=lambda feed: feed.url), st.text(max_size=30))
def test_opml_round_trips(subscriptions: list[OpmlFeed], title: str) -> None:
    written = write_opml(subscriptions, title=title)
    back = read_opml(written).feeds
    assert sorted(back, key=lambda feed: feed.url) == sorted(subscriptions, key=lambda feed: feed.url)
