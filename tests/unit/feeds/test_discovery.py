from time import process_time

import pytest

from worker.feeds import FeedLink, announces_feed, find_feeds, find_refresh, usual_places

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


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0; url=https://new.example/", "https://new.example/"),
        ("0;URL='/news/'", "https://paper.example/news/"),
        ("5, url = news", "https://paper.example/front/news"),
        ("1.5;https://new.example/x?y=url=z", "https://new.example/x?y=url=z"),
        ("30", ""),
        ("0; url=javascript:alert(1)", ""),
        ("0; url=https://paper.example/front/page", ""),
        ("", ""),
    ],
)
def test_where_a_page_sends_its_visitors(content: str, target: str) -> None:
    page = f'<meta name="refresh" content="0;/no"><meta http-equiv="Refresh" content="{content}">'.encode()
    assert find_refresh(page, "https://paper.example/front/page") == target


def test_a_refresh_is_relative_to_the_pages_base() -> None:
    page = b'<base href="https://cdn.example/a/"><meta http-equiv=refresh content="0; url=b">'
    assert find_refresh(page, "https://paper.example/") == "https://cdn.example/a/b"
    assert find_refresh(b"no page", "https://paper.example/") == ""


def test_the_usual_places_of_a_page_come_before_those_of_its_site() -> None:
    places = usual_places("https://paper.example/news/world/?page=2#top")
    assert places[:4] == tuple(
        f"https://paper.example/{place}" for place in ("news/world/feed", "news/world/rss", "feed", "rss")
    )
    assert "https://paper.example/?feed=rss2" in places
    assert "https://paper.example/feed" not in usual_places("https://paper.example/feed")
    assert len(usual_places("https://paper.example")) == len(set(usual_places("https://paper.example/"))) == 9


def test_a_link_header_announces_by_the_same_rule() -> None:
    assert announces_feed(["alternate"], "application/rss+xml", "https://paper.example/x")
    assert announces_feed(["feed"], "", "https://paper.example/x")
    assert not announces_feed(["alternate"], "application/json", "https://paper.example/wp-json/")
    assert not announces_feed(["hub"], "application/rss+xml", "https://paper.example/x")
