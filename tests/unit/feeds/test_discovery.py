from time import process_time

import pytest

from worker.feeds import FeedLink, find_feeds

URL = "https://paper.example/news/"


def test_finds_announced_feeds_first_and_those_of_comments_last() -> None:
    page = b"""<html><head>
      <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
      <link rel="alternate" type="application/rss+xml" title=" The
        Paper " href="/feed/">
      <link rel="alternate" type="application/atom+xml; charset=utf-8" href="atom.xml">
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
      <link rel="alternate" hreflang="es" href="https://paper.example/es/">
      <link rel="stylesheet" type="text/css" href="/feed.css">
      </head><body><a href="/rss.xml">RSS</a><a href="/feed/">again</a></body></html>"""
    assert find_feeds(page, URL) == (
        FeedLink("https://paper.example/feed/", "The Paper", "application/rss+xml"),
        FeedLink("https://paper.example/news/atom.xml", "", "application/atom+xml"),
        FeedLink("https://paper.example/rss.xml", "RSS"),
        FeedLink("https://paper.example/comments/feed/", "Comments", "application/rss+xml"),
    )


def test_plausible_links_and_nothing_else() -> None:
    links = ["/rss", "/feeds/world", "/index.xml", "/blog.atom", "/?feed=rss2", "/feed.json", "/a/feed.php"]
    others = [
        "/feedback",
        "/rssi-explained",
        "/sitemap.xml",
        "/shop",
        "javascript:rss()",
        "mailto:rss@x.example",
        "#feed",
    ]
    page = "".join(f'<a href="{link}">x</a>' for link in links + others).encode()
    assert [link.url.removeprefix("https://paper.example") for link in find_feeds(page, URL)] == links


def test_a_base_element_counts() -> None:
    page = b'<base href="https://cdn.example/x/"><link rel="alternate feed" href="f">'
    assert [link.url for link in find_feeds(page, URL)] == ["https://cdn.example/x/f"]


def test_any_bytes_are_fine() -> None:
    for page in (
        b"",
        b"\0",
        b"https://paper.example",
        bytes(range(256)) * 20,
        b"<a href>" * 500,
        b'<?xml version="1.0"?><rss/>',
    ):
        assert find_feeds(page, URL) == ()


def test_the_number_of_feeds_is_bounded() -> None:
    assert len(find_feeds(b"".join(b'<a href="/rss/%d">x</a>' % number for number in range(100)), URL)) == 20


@pytest.mark.parametrize("unit", ["<i><a href=/feed/>", "<b>", "<a href=/feed/>x", "<div><link rel=alternate>"])
def test_a_page_of_tags_never_closed_takes_linear_time(unit: str) -> None:
    begun = process_time()
    find_feeds(unit.encode() * 10_000, "https://paper.example/")
    assert process_time() - begun < 3
