"""Sitemaps: where robots.txt has them, which of an index are watched, and what an index is as a feed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from worker.feeds import SITEMAP_INDEX, Link, PollHistory, next_poll_after_reading, parse_feed
from worker.feeds.sitemaps import SitemapLink, choose_sitemaps, is_rotated, sitemap_lines
from worker.feeds.sitemaps.finding import MOST_FOLLOWED

URL = "https://paper.example/robots.txt"


def test_lines_of_robots_are_found_those_of_news_first() -> None:
    robots = b"User-agent: *\nDisallow: /x\nSitemap: /all.xml\n sitemap :https://paper.example/news.xml.gz # daily\n"
    robots += b"SITEMAP: https://paper.example/all.xml\nSitemap: ftp://x/y\nSitemap:\n#Sitemap: /no.xml\n"
    assert sitemap_lines(robots, URL) == ("https://paper.example/news.xml.gz", "https://paper.example/all.xml")
    assert sitemap_lines(b"<html>Sitemap</html>\xff\x00", URL) == ()
    assert len(sitemap_lines(b"".join(b"Sitemap: /%d.xml\n" % number for number in range(9_000)), URL)) == 50


@pytest.mark.parametrize(
    ("named", "chosen"),
    [
        ({"/pages.xml": 0, "/news.xml": None, "/tags.xml": 0}, ["/news.xml"]),
        (
            {"/noticias-2026-10.xml": None, "/noticias-2026-11.xml": None},
            ["/noticias-2026-11.xml", "/noticias-2026-10.xml"],
        ),
        ({"/a.xml": 9, "/b.xml": 1, "/c.xml": 5, "/d.xml": 3}, ["/b.xml", "/d.xml", "/c.xml"]),
        ({"/p9.xml": None, "/p10.xml": None, "/p2.xml": None, "/p1.xml": None}, ["/p10.xml", "/p9.xml", "/p2.xml"]),
        ({}, []),
    ],
)
def test_of_an_index_those_of_news_and_the_newest_are_watched(named: dict[str, int | None], chosen: list[str]) -> None:
    links = [
        SitemapLink(f"https://newspaper.example{path}", None if days is None else NOW - timedelta(days=days))
        for path, days in named.items()
    ]
    found = choose_sitemaps([*links, SitemapLink("")])
    assert list(found) == [f"https://newspaper.example{path}" for path in chosen]
    assert len(found) <= MOST_FOLLOWED


def test_an_address_of_a_day_is_left_for_the_next() -> None:
    assert is_rotated("https://paper.example/news-2026-11-30.xml")
    assert not is_rotated("https://paper24.example/news.xml?v=3")


def test_an_index_is_a_feed_without_entries_that_is_polled_as_its_sitemaps_change() -> None:
    named = "".join(
        f"<sitemap><loc>/news-{hour}.xml</loc><lastmod>{(NOW - timedelta(hours=hour)).isoformat()}</lastmod></sitemap>"
        for hour in range(1, 6)
    )
    index = parse_feed(f"<sitemapindex>{named}</sitemapindex>".encode(), URL)
    assert (index.format, index.entries) == (SITEMAP_INDEX, ())
    assert index.links == tuple(Link("sitemap", f"https://paper.example/news-{hour}.xml") for hour in range(1, 4))
    due = next_poll_after_reading(PollHistory(), index, planned=NOW, any_new=False, now=NOW, jitter=0)
    assert due - NOW < timedelta(minutes=30)


def test_an_index_without_end_is_cut_with_one_remark() -> None:
    named = "".join(f"<sitemap><loc>/s{number}.xml</loc></sitemap>" for number in range(20_001))
    index = parse_feed(f"<sitemapindex>{named}</sitemapindex>".encode(), URL)
    assert index.troubles == ("sitemaps beyond the first 20,000 were left out",)
    assert index.links[0].url == "https://paper.example/s19999.xml"
