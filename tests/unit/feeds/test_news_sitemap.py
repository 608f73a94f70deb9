from datetime import UTC, datetime

import pytest

from worker.errors import DocumentError
from worker.feeds import parse_feed

URL = "https://paper.example/news.xml"
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def record(number: int, more: str = "") -> str:
    return (
        f"<url><image:image><image:loc>https://img.example/x.jpg</image:loc><image:title>no</image:title></image:image>"
        f"<loc>https://paper.example/{number}</loc><lastmod>2026-11-22T12:00:00Z</lastmod><n:news><n:publication>"
        f"<n:name>The Paper</n:name><n:language>es</n:language></n:publication>"
        f"<n:publication_date>2026-11-22T10:00:00+01:00</n:publication_date>"
        f"<n:title>Nota {number} &amp; más</n:title>"
        f"</n:news>{more}</url>"
    )


def sitemap(*records: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACES}>{"".join(records)}</urlset>'.encode()


def test_reads_a_record_whole() -> None:
    feed = parse_feed(sitemap(record(1), record(2)), URL)
    entry = feed.entries[0]
    assert (feed.title, feed.language, feed.format) == ("The Paper", "es", "news-sitemap")
    assert (entry.title, entry.url, entry.id) == (
        "Nota 1 & más",
        "https://paper.example/1",
        "https://paper.example/1",
    )
    assert entry.published == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert entry.updated == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert len(feed.entries) == 2


def test_two_quiet_days_leave_an_empty_feed() -> None:
    assert parse_feed(sitemap(), URL).entries == ()


@pytest.mark.parametrize(
    "broken",
    [
        "<url><loc>x & y</loc><n:news><n:title>&#xD800;",
        "<url><loc>https://paper.example/x",
        "<url><loc>https://paper.example/x</loc><n:news><n:title><![CDATA[a",
        "<url><!-- <loc>",
        "<url><loc a='>x</loc></url>",
        "<url><zz:thing/><n:news></url>",
        "</urlset>",
    ],
)
def test_a_broken_record_does_not_cost_its_neighbours(broken: str) -> None:
    whole = parse_feed(sitemap(*map(record, range(4))), URL).entries
    found = parse_feed(sitemap(record(0), record(1), broken, record(2), record(3)), URL).entries
    assert [entry for entry in found if entry in whole] == list(whole)
    assert len(found) <= 5


def test_a_sitemap_that_forgot_to_declare_its_prefixes_is_read() -> None:
    document = sitemap(record(1)).replace(b"xmlns:n=", b"xmlns:q=").replace(b"xmlns:image=", b"xmlns:p=")
    assert parse_feed(document, URL).entries == parse_feed(sitemap(record(1)), URL).entries


def test_records_are_bounded() -> None:
    feed = parse_feed(sitemap(*map(record, range(2_001))), URL)
    assert (len(feed.entries), feed.truncated) == (2_000, True)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"<urlset><url><loc>https://paper.example/</loc></url></urlset>", "without news"),
        (b"<sitemapindex><sitemap><loc>ftp://p.example/n.xml</loc></sitemap></sitemapindex>", "names none"),
    ],
)
def test_other_sitemaps_are_no_feeds(document: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=words) as caught:
        parse_feed(document, URL)
    assert caught.value.code == "not_a_feed"
